package io.backgroundjobs.annotation;

import org.junit.jupiter.api.Test;

import io.backgroundjobs.JobConfigurationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JobCatalogTests {

	private final JobCatalog catalog = new JobCatalog();

	@Test
	void namesAreFoundByAnySpellingThatPropertiesGiveThem() {
		this.catalog.add("maintenance.removeExpired", "here");
		this.catalog.add("nightly-report", "there");
		assertThat(this.catalog.names()).containsExactly("maintenance.removeExpired", "nightly-report");
		assertThat(this.catalog.find("maintenance.remove-expired")).contains("maintenance.removeExpired");
		assertThat(this.catalog.find("NIGHTLYREPORT")).contains("nightly-report");
		assertThat(this.catalog.place("nightlyReport")).contains("there");
		assertThat(this.catalog.find("nightly.report")).isEmpty();
	}

	@Test
	void whenNameIsAddedTwiceThenIsRefused() {
		this.catalog.add("report", "the first");
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> this.catalog.add("report", "the second"))
			.withMessage("The job name 'report' is declared twice: by the first and by the second");
		assertThat(this.catalog.place("report")).contains("the first");
	}

	@Test
	void whenNamesDifferInCaseAndDashesOnlyThenIsRefused() {
		this.catalog.add("nightly-report", "the first");
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> this.catalog.add("nightlyReport", "the second"))
			.withMessage("The job names 'nightly-report' and 'nightlyReport' differ only in case or dashes, and are "
					+ "declared twice: by the first and by the second");
	}

}
