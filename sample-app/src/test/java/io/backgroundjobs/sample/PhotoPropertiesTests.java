package io.backgroundjobs.sample;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class PhotoPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Configuration.class);

	@Test
	void everythingHasADefault() {
		this.runner.run((context) -> {
			PhotoProperties properties = context.getBean(PhotoProperties.class);
			assertThat(properties.directory()).isAbsolute();
			assertThat(properties.keep()).isEqualTo(Duration.ofDays(7));
			assertThat(properties.maxSize()).isEqualTo(DataSize.ofMegabytes(25));
			assertThat(properties.maxPixels()).isEqualTo(64_000_000);
			assertThat(properties.maxArchiveEntries()).isEqualTo(500);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "keep=-1d", "max-size=0B", "max-pixels=0", "max-archive-entries=-5" })
	void valueThatCannotWorkIsRefused(String property) {
		this.runner.withPropertyValues("photos." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("photos." + property.substring(0, property.indexOf('=')) + " must be positive"));
	}

	@EnableConfigurationProperties(PhotoProperties.class)
	static class Configuration {

	}

}
