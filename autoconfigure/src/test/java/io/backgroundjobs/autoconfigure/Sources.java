package io.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * An environment made of what a user would write where. What is added first wins.
 */
final class Sources {

	private final MutablePropertySources sources;

	private final ConfigurableEnvironment environment;

	private Sources(ConfigurableEnvironment environment) {
		this.environment = environment;
		this.sources = environment.getPropertySources();
	}

	static Sources none() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((source) -> environment.getPropertySources().remove(source.getName()));
		return new Sources(environment);
	}

	Sources yaml(String... lines) {
		return load(new YamlPropertySourceLoader(), "application.yml", lines);
	}

	Sources properties(String... lines) {
		return load(new PropertiesPropertySourceLoader(), "application.properties", lines);
	}

	Sources variables(Map<String, Object> variables) {
		this.sources.addLast(new SystemEnvironmentPropertySource(
				StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		return this;
	}

	ConfigurableEnvironment environment() {
		return this.environment;
	}

	private Sources load(PropertySourceLoader loader, String name, String... lines) {
		byte[] content = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
		try {
			loader.load(name + this.sources.size(), new ByteArrayResource(content, name))
				.forEach(this.sources::addLast);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
