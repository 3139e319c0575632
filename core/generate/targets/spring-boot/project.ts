import type { Blueprint } from "../../../contract/blueprint.ts";
import { serviceName } from "../typescript/project.ts";

export function pomText(blueprint: Blueprint): string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion>
	<parent>
		<groupId>org.springframework.boot</groupId>
		<artifactId>spring-boot-starter-parent</artifactId>
		<version>3.4.5</version>
		<relativePath/>
	</parent>
	<groupId>service</groupId>
	<artifactId>${serviceName(blueprint)}</artifactId>
	<version>1.0.0</version>
	<properties>
		<java.version>17</java.version>
		<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
	</properties>
	<dependencies>
		<dependency>
			<groupId>org.springframework.boot</groupId>
			<artifactId>spring-boot-starter-web</artifactId>
		</dependency>
		<dependency>
			<groupId>org.xerial</groupId>
			<artifactId>sqlite-jdbc</artifactId>
		</dependency>
		<dependency>
			<groupId>jakarta.persistence</groupId>
			<artifactId>jakarta.persistence-api</artifactId>
		</dependency>
		<dependency>
			<groupId>org.springframework.boot</groupId>
			<artifactId>spring-boot-starter-test</artifactId>
			<scope>test</scope>
		</dependency>
	</dependencies>
	<build>
		<finalName>service</finalName>
		<plugins>
			<plugin>
				<groupId>org.springframework.boot</groupId>
				<artifactId>spring-boot-maven-plugin</artifactId>
			</plugin>
		</plugins>
	</build>
</project>
`;
}

export const dockerText = `FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /service
COPY . .
RUN mvn -q -B package

FROM eclipse-temurin:17-jre
WORKDIR /service
COPY --from=build /service/target/service.jar service.jar
USER nobody
ENV PORT=8080 HOST=0.0.0.0
EXPOSE 8080
CMD ["java", "-Xmx256m", "-jar", "service.jar"]
`;

export function readmeText(blueprint: Blueprint): string {
	const routes = blueprint.interface.routes.map(({ method, path }) => `- \`${method} ${path}\``);
	return `# ${blueprint.unit}

Spring Boot 3 on Java 17, generated from blueprint \`${blueprint.hash}\`.

${routes.join("\n")}
- \`GET /healthz\`

Build and start: \`mvn -B package\`, then \`DATABASE=file.db PORT=8080 java -Xmx256m -jar target/service.jar\`.
Every place where Java's usual arithmetic or text handling differs from legacy is written exactly.
SQL runs with legacy's text in \`Repository\`; the classes in \`service.entity\` mirror the old schema and are not executed.
Answers have legacy's own format, whatever the client ranks first.
`;
}
