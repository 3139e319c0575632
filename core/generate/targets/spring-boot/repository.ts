import type { Type } from "../../../contract/ir.ts";
import type { Method } from "../typescript/repository-plan.ts";
import { rowHint } from "../typescript/repository-plan.ts";
import { refuse } from "../typescript/scope.ts";
import type { Shape } from "../typescript/types.ts";
import { stringText } from "./code.ts";
import { type JavaService, javaName, typeText } from "./types.ts";

/** A row of a statement as a record, with the names of the columns. */
export function rowText(name: string, shape: Extract<Shape, { kind: "row" }>, java: JavaService): string {
	const span = java.service.blueprint.functions[0]?.span;
	if (span === undefined) throw new Error("a blueprint without functions");
	const fields = shape.columns.map((column) => `${typeText(column.type, java, span, column.name)} ${javaName(column.name)}`);
	return `public record ${name}(${fields.join(", ")}) {}\n`;
}

/** The repository: each statement with the text that legacy uses, on one connection, in the transactions that legacy opens. */
export function repositoryText(java: JavaService): string {
	const { methods } = java.repository;
	const { blueprint } = java.service;
	const text = JSON.stringify(blueprint.functions);
	const isImplicit = text.includes('"op":"db.connect"') && text.includes('"spec":"implicit"');
	for (const op of ["db.last_row_id", "db.row_count"])
		if (text.includes(`"op":"${op}"`)) refuse(java, `the operation ${op} in Java`, blueprint.functions[0]?.span as never);
	const bodies = methods.map((method) => methodText(method, isImplicit, java));
	return `import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Every SQL statement of the service, with the text that legacy uses. All run on one connection. */
public final class Repository {
	private final Connection connection;
	private boolean isOpen;

	public Repository(Connection connection) {
		this.connection = connection;
	}

${bodies.join("\n")}
	public void begin(String mode) {
		execute("BEGIN " + mode);
		isOpen = true;
	}

	public void commit() {
		if (!isOpen) return;
		execute("COMMIT");
		isOpen = false;
	}

	public void rollback() {
		if (!isOpen) return;
		isOpen = false;
		execute("ROLLBACK");
	}

	/** The end of legacy's connection: what was not committed is undone. */
	public void release() {
		rollback();
	}

	private interface RowReader<T> {
		T read(ResultSet row) throws SQLException;
	}

	private <T> List<T> query(String sql, RowReader<T> reader, Object... values) {
		try (PreparedStatement statement = bound(sql, values); ResultSet rows = statement.executeQuery()) {
			List<T> found = new ArrayList<>();
			while (rows.next()) found.add(reader.read(rows));
			return found;
		} catch (SQLException error) {
			throw failed(error);
		}
	}

	private <T> T one(String sql, RowReader<T> reader, Object... values) {
		try (PreparedStatement statement = bound(sql, values); ResultSet rows = statement.executeQuery()) {
			return rows.next() ? reader.read(rows) : null;
		} catch (SQLException error) {
			throw failed(error);
		}
	}

	private void change(String sql, Object... values) {
		try (PreparedStatement statement = bound(sql, values)) {
			statement.executeUpdate();
		} catch (SQLException error) {
			throw failed(error);
		}
	}

	/** Long, Double and String stay INTEGER, REAL and TEXT; a truth value is 0 or 1, a date is its ISO text. */
	private PreparedStatement bound(String sql, Object... values) throws SQLException {
		PreparedStatement statement = connection.prepareStatement(sql);
		for (int index = 0; index < values.length; index++) {
			Object value = values[index];
			if (value instanceof Boolean truth) statement.setLong(index + 1, truth ? 1 : 0);
			else if (value instanceof java.time.LocalDate day) statement.setString(index + 1, day.toString());
			else statement.setObject(index + 1, value);
		}
		return statement;
	}

	private void execute(String sql) {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		} catch (SQLException error) {
			throw failed(error);
		}
	}

	/** NULL where the old schema promises a number is a failure, never 0. */
	private static long whole(ResultSet row, int column) throws SQLException {
		long value = row.getLong(column);
		if (row.wasNull()) throw new IllegalStateException("column " + column + " holds no number");
		return value;
	}

	private static double number(ResultSet row, int column) throws SQLException {
		double value = row.getDouble(column);
		if (row.wasNull()) throw new IllegalStateException("column " + column + " holds no number");
		return value;
	}

	private static Errors.DatabaseError failed(SQLException error) {
		Errors.DatabaseError failure = new Errors.DatabaseError(error.getMessage());
		failure.initCause(error);
		return failure;
	}
}
`;
}

function methodText({ statement, name, params, fetch }: Method, isImplicit: boolean, java: JavaService): string {
	const { span } = statement;
	const declared = params.map((param) => `${typeText(param.type, java, span, param.name)} ${javaName(param.name)}`).join(", ");
	const values = params.map((param) => `, ${javaName(param.name)}`).join("");
	const head = `\t/** legacy: ${span.file}:${span.line} */\n`;
	const open = isImplicit && statement.kind !== "select" ? '\t\tif (!isOpen) begin("DEFERRED");\n' : "";
	const sql = stringText(statement.sql);
	if (fetch === "none") return `${head}\tpublic void ${name}(${declared}) {\n${open}\t\tchange(${sql}${values});\n\t}\n`;
	const row = java.shapes.nameOf({ kind: "row", columns: statement.columns }, rowHint(statement));
	const columns = statement.columns.map(({ type }, index) => columnText(type, index + 1, java, span));
	const reader = `row -> new ${row}(${columns.join(", ")})`;
	const [verb, returns] = fetch === "one" ? ["one", row] : ["query", `List<${row}>`];
	return `${head}\tpublic ${returns} ${name}(${declared}) {\n${open}\t\treturn ${verb}(${sql}, ${reader}${values});\n\t}\n`;
}

function columnText(type: Type, index: number, java: JavaService, span: Parameters<typeof refuse>[2]): string {
	switch (type.kind) {
		case "int":
			return `whole(row, ${index})`;
		case "float":
			return `number(row, ${index})`;
		case "str":
			return `row.getString(${index})`;
		case "optional":
			if (type.of.kind === "str") return `row.getString(${index})`;
			if (type.of.kind === "int") return `row.getObject(${index}) == null ? null : (Long) row.getLong(${index})`;
			if (type.of.kind === "float") return `row.getObject(${index}) == null ? null : (Double) row.getDouble(${index})`;
			return refuse(java, `a column of type ${type.of.kind}, in Java`, span);
		default:
			return refuse(java, `a column of type ${type.kind}, in Java`, span);
	}
}
