import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * `java Engine CONFIG file PATH` or `java Engine CONFIG kafka HOST:PORT`: runs the connector of CONFIG until it is killed, and
 * writes its events: one JSON line of topic, key and value each, or one record in the topic that the connector names.
 */
public final class Engine {
	public static void main(String[] arguments) throws Exception {
		Properties properties = new Properties();
		try (FileInputStream in = new FileInputStream(arguments[0])) {
			properties.load(in);
		}
		DebeziumEngine.ChangeConsumer<ChangeEvent<String, String>> sink =
				arguments[1].equals("kafka") ? toKafka(arguments[2]) : toFile(Path.of(arguments[2]));
		DebeziumEngine<ChangeEvent<String, String>> engine = DebeziumEngine.create(Json.class)
				.using(properties)
				.notifying(sink)
				.using((success, message, error) -> {
					System.err.println("engine ended: " + message + " " + error);
					System.exit(success ? 0 : 1);
				})
				.build();
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			try {
				engine.close();
			} catch (Exception ignored) {
				// It has ended by itself.
			}
		}));
		System.out.println("ready");
		Executors.newSingleThreadExecutor().execute(engine);
	}

	private static DebeziumEngine.ChangeConsumer<ChangeEvent<String, String>> toFile(Path path) throws Exception {
		FileOutputStream out = new FileOutputStream(path.toFile(), true);
		return new DebeziumEngine.ChangeConsumer<>() {
			@Override
			public void handleBatch(
					List<ChangeEvent<String, String>> events,
					DebeziumEngine.RecordCommitter<ChangeEvent<String, String>> committer) throws InterruptedException {
				try {
					for (ChangeEvent<String, String> event : events) {
						String line = "{\"topic\":\"" + event.destination() + "\",\"key\":" + event.key() + ",\"value\":" + event.value() + "}\n";
						out.write(line.getBytes(StandardCharsets.UTF_8));
						committer.markProcessed(event);
					}
					committer.markBatchFinished();
				} catch (java.io.IOException error) {
					throw new IllegalStateException(error);
				}
			}

			@Override
			public boolean supportsTombstoneEvents() {
				return true;
			}
		};
	}

	private static DebeziumEngine.ChangeConsumer<ChangeEvent<String, String>> toKafka(String servers) {
		Properties settings = new Properties();
		settings.put("bootstrap.servers", servers);
		settings.put("acks", "all");
		settings.put("linger.ms", "0");
		settings.put("max.request.size", "16777216");
		KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
		return new DebeziumEngine.ChangeConsumer<>() {
			@Override
			public void handleBatch(
					List<ChangeEvent<String, String>> events,
					DebeziumEngine.RecordCommitter<ChangeEvent<String, String>> committer) throws InterruptedException {
				for (ChangeEvent<String, String> event : events) {
					producer.send(new ProducerRecord<>(event.destination(), event.key(), event.value()), (metadata, error) -> {
						if (error != null) {
							System.err.println("not sent: " + error);
							System.exit(1);
						}
					});
				}
				producer.flush();
				for (ChangeEvent<String, String> event : events) committer.markProcessed(event);
				committer.markBatchFinished();
			}

			@Override
			public boolean supportsTombstoneEvents() {
				return true;
			}
		};
	}
}
