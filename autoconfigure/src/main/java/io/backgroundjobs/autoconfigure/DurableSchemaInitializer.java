package io.backgroundjobs.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;

/**
 * Creates the table of durable jobs where it is asked to.
 *
 * @since 1.0.0
 */
public class DurableSchemaInitializer extends DataSourceScriptDatabaseInitializer {

	private static final String SCRIPT = "classpath:io/backgroundjobs/durable/schema-@@platform@@.sql";

	/**
	 * Create the initializer.
	 * @param dataSource the database
	 * @param properties which table, and whether to create it
	 */
	public DurableSchemaInitializer(DataSource dataSource, BackgroundJobDurableProperties properties) {
		super(dataSource, settings(dataSource, properties));
	}

	private static DatabaseInitializationSettings settings(DataSource dataSource,
			BackgroundJobDurableProperties properties) {
		DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
		boolean own = properties.table().equals(BackgroundJobDurableProperties.TABLE);
		settings.setMode(own ? properties.initializeSchema() : DatabaseInitializationMode.NEVER);
		if (settings.getMode() != DatabaseInitializationMode.NEVER) {
			List<String> scripts = new PlatformPlaceholderDatabaseDriverResolver().resolveAll(dataSource, SCRIPT);
			settings.setSchemaLocations(scripts);
		}
		return settings;
	}

}
