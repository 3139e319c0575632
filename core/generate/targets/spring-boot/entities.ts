import type { Blueprint, ServiceFiles, Table } from "../../../contract/blueprint.ts";
import type { Type } from "../../../contract/ir.ts";
import { pascal } from "../typescript/names.ts";
import { stringText } from "./code.ts";
import { type JavaService, javaName } from "./types.ts";

/**
 * JPA entities of the old schema, for whoever works on with the data model. They are never executed: the order of an ORM's writes would
 * change the effects. A generated test creates the old tables and holds each entity against what the database itself says of them.
 */
export function entityFiles(blueprint: Blueprint, java: JavaService): ServiceFiles {
	const files: ServiceFiles = {};
	for (const table of blueprint.tables) files[`src/main/java/service/entity/${entityName(table)}.java`] = entityText(table);
	files["src/test/java/service/SchemaTest.java"] = schemaTest(blueprint, java);
	return files;
}

const entityName = (table: Table): string => `${pascal(table.name)}Entity`;

function fieldType(type: Type): string {
	const plain = type.kind === "optional" ? type.of : type;
	return { int: "Long", float: "Double", str: "String", bool: "Boolean" }[plain.kind as "int"] ?? "Object";
}

function entityText(table: Table): string {
	const keys = table.columns.filter((column) => column.primaryKey);
	const isComposite = keys.length > 1;
	const name = entityName(table);
	const fields = table.columns.map((column) => {
		const id = column.primaryKey ? "\t@Id\n" : "";
		return `${id}\t@Column(name = ${stringText(column.name)}, columnDefinition = ${stringText(column.declared)})\n\tpublic ${fieldType(column.type)} ${javaName(column.name)};\n`;
	});
	const keyFields = keys.map((column) => `${fieldType(column.type)} ${javaName(column.name)}`).join(", ");
	const key = isComposite ? `\n\tpublic record Key(${keyFields}) implements java.io.Serializable {}\n` : "";
	const use = isComposite ? `@jakarta.persistence.IdClass(${name}.Key.class)\n` : "";
	const id = keys.length > 0 ? "import jakarta.persistence.Id;\n" : "";
	const kind = keys.length > 0 ? "Entity" : "MappedSuperclass";
	return `package service.entity;

import jakarta.persistence.Column;
import jakarta.persistence.${kind};
${id}import jakarta.persistence.Table;

/** The table ${table.name} of the old schema. Not on the executed path. */
@${kind}
@Table(name = ${stringText(table.name)})
${use}public class ${name} {
${fields.join("\n")}${key}}
`;
}

function schemaTest(blueprint: Blueprint, java: JavaService): string {
	const creates = blueprint.tables.map(({ ddl }) => `\t\t${stringText(ddl)},`).join("\n");
	const entities = blueprint.tables.map((table) => `\t\tservice.entity.${entityName(table)}.class,`).join("\n");
	const statements = java.repository.methods.map(({ statement }) => `\t\t${stringText(statement.sql)},`).join("\n");
	return `package service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entities and statements against the old schema, as the database itself understands it. */
class SchemaTest {
	private static final String[] TABLES = {
${creates}
	};
	private static final Class<?>[] ENTITIES = {
${entities}
	};
	private static final String[] STATEMENTS = {
${statements}
	};

	private static Connection oldSchema() throws SQLException {
		Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
		try (Statement statement = connection.createStatement()) {
			for (String table : TABLES) statement.execute(table);
		}
		return connection;
	}

	@Test
	void everyEntityHasTheColumnsOfItsTable() throws SQLException {
		try (Connection connection = oldSchema(); Statement statement = connection.createStatement()) {
			for (Class<?> entity : ENTITIES) {
				String table = entity.getAnnotation(Table.class).name();
				List<String> old = new ArrayList<>();
				try (ResultSet rows = statement.executeQuery("PRAGMA table_info(\\"" + table + "\\")")) {
					while (rows.next()) old.add(rows.getString("name") + " " + rows.getString("type") + (rows.getInt("pk") > 0 ? " key" : ""));
				}
				List<String> mapped = new ArrayList<>();
				for (Field field : entity.getDeclaredFields()) {
					Column column = field.getAnnotation(Column.class);
					mapped.add(column.name() + " " + column.columnDefinition() + (field.isAnnotationPresent(Id.class) ? " key" : ""));
				}
				assertEquals(old, mapped, table);
			}
		}
	}

	@Test
	void everyStatementFitsTheSchema() throws SQLException {
		try (Connection connection = oldSchema()) {
			for (String sql : STATEMENTS) assertNotNull(connection.prepareStatement(sql), sql);
		}
	}
}
`;
}
