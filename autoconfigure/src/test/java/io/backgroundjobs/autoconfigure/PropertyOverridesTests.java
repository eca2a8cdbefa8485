package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.actuate.HealthCondition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PropertyOverridesTests {

	private static final PeriodicJobSpec CLEAN_UP = PeriodicJobSpec.named("maintenance.removeExpired")
		.every(Duration.ofMinutes(1));

	private static final PeriodicJobSpec REPORT = PeriodicJobSpec.named("nightly-report")
		.cron("0 30 2 * * *", ZoneId.of("Europe/Paris"));

	@Test
	void yamlWithDotsAsLevelsIsFound() {
		Sources sources = Sources.none()
			.yaml("background-jobs:", "  jobs:", "    maintenance:", "      removeExpired:", "        every: 7s");
		assertThat(apply(sources, CLEAN_UP).schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(7)));
	}

	@Test
	void yamlWithTheNameAsOneKeyIsFound() {
		Sources sources = Sources.none()
			.yaml("background-jobs:", "  jobs:", "    maintenance.remove-expired:", "      every: 7s");
		assertThat(apply(sources, CLEAN_UP).schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(7)));
	}

	@Test
	void yamlWithBracketsIsFound() {
		Sources sources = Sources.none()
			.yaml("background-jobs:", "  jobs:", "    '[maintenance.removeExpired]':", "      every: 7s");
		assertThat(apply(sources, CLEAN_UP).schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(7)));
	}

	@Test
	void propertiesAreFound() {
		Sources sources = Sources.none().properties("background-jobs.jobs.maintenance.removeExpired.every=7s");
		assertThat(apply(sources, CLEAN_UP).schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(7)));
	}

	@Test
	void propertiesWithBracketsAreFound() {
		Sources sources = Sources.none().properties("background-jobs.jobs[maintenance.removeexpired].every=7s");
		assertThat(apply(sources, CLEAN_UP).schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(7)));
	}

	@Test
	void environmentVariablesAreFound() {
		Sources sources = Sources.none()
			.variables(Map.of("BACKGROUNDJOBS_JOBS_MAINTENANCE_REMOVEEXPIRED_EVERY", "7s",
					"BACKGROUNDJOBS_JOBS_NIGHTLYREPORT_FIXEDDELAY", "9s"));
		assertThat(apply(sources, CLEAN_UP).schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(7)));
		assertThat(apply(sources, REPORT).schedule()).isEqualTo(new JobSchedule.FixedDelay(Duration.ofSeconds(9)));
	}

	@Test
	void environmentVariablesWithUnderscoresForDashesAreFound() {
		Sources sources = Sources.none().variables(Map.of("BACKGROUND_JOBS_JOBS_NIGHTLY_REPORT_FIXED_DELAY", "9s"));
		assertThat(apply(sources, REPORT).schedule()).isEqualTo(new JobSchedule.FixedDelay(Duration.ofSeconds(9)));
	}

	@Test
	void everyAttributeIsApplied() {
		Sources sources = Sources.none()
			.properties("background-jobs.jobs.nightly-report.enabled=false",
					"background-jobs.jobs.nightly-report.paused=true", "background-jobs.jobs.nightly-report.zone=UTC",
					"background-jobs.jobs.nightly-report.initial-delay=3s",
					"background-jobs.jobs.nightly-report.jitter=2s", "background-jobs.jobs.nightly-report.pool=reports",
					"background-jobs.jobs.nightly-report.timeout=1h",
					"background-jobs.jobs.nightly-report.overlap=queue-one",
					"background-jobs.jobs.nightly-report.missed=catch-up");
		PeriodicJobSpec spec = apply(sources, REPORT);
		assertThat(spec.isEnabled()).isFalse();
		assertThat(spec.isPaused()).isTrue();
		assertThat(spec.schedule()).isEqualTo(new JobSchedule.Cron("0 30 2 * * *", ZoneId.of("UTC")));
		assertThat(spec.initialDelay()).isEqualTo(Duration.ofSeconds(3));
		assertThat(spec.jitter()).isEqualTo(Duration.ofSeconds(2));
		assertThat(spec.run().pool()).isEqualTo("reports");
		assertThat(spec.run().timeout()).isEqualTo(Duration.ofHours(1));
		assertThat(spec.overlap()).isEqualTo(OverlapPolicy.QUEUE_ONE);
		assertThat(spec.missed()).isEqualTo(MissedRunPolicy.CATCH_UP);
	}

	@Test
	void healthIsReadFromYaml() {
		Sources sources = Sources.none()
			.yaml("background-jobs:", "  jobs:", "    maintenance.removeExpired:", "      health:", "        down-on:",
					"          - overdue", "          - failing", "        overdue-after: 7m", "        failures: 2");
		assertThat(health(sources, CLEAN_UP))
			.isEqualTo(new JobProperties.Health(Set.of(HealthCondition.OVERDUE, HealthCondition.FAILING), "7m", 2));
	}

	@Test
	void healthIsReadFromProperties() {
		Sources sources = Sources.none()
			.properties("conditions=stuck, overdue",
					"background-jobs.jobs[maintenance.removeExpired].health.down-on=${conditions}",
					"background-jobs.jobs.nightly-report.health.down-on[0]=failing",
					"background-jobs.jobs.nightly-report.health.down-on[1]=stuck",
					"background-jobs.jobs.nightlyReport.health.overdueAfter=7m");
		assertThat(health(sources, CLEAN_UP))
			.isEqualTo(new JobProperties.Health(Set.of(HealthCondition.STUCK, HealthCondition.OVERDUE), null, null));
		assertThat(health(sources, REPORT))
			.isEqualTo(new JobProperties.Health(Set.of(HealthCondition.STUCK, HealthCondition.FAILING), "7m", null));
	}

	@Test
	void healthIsReadFromEnvironmentVariables() {
		Sources sources = Sources.none()
			.variables(Map.of("BACKGROUNDJOBS_JOBS_MAINTENANCE_REMOVEEXPIRED_HEALTH_DOWNON", "overdue,failing",
					"BACKGROUNDJOBS_JOBS_NIGHTLYREPORT_HEALTH_OVERDUEAFTER", "7m",
					"BACKGROUND_JOBS_JOBS_NIGHTLY_REPORT_HEALTH_DOWN_ON_0", "stuck",
					"BACKGROUND_JOBS_JOBS_NIGHTLY_REPORT_HEALTH_FAILURES", "5"));
		assertThat(health(sources, CLEAN_UP))
			.isEqualTo(new JobProperties.Health(Set.of(HealthCondition.OVERDUE, HealthCondition.FAILING), null, null));
		assertThat(health(sources, REPORT)).isEqualTo(new JobProperties.Health(Set.of(HealthCondition.STUCK), "7m", 5));
	}

	@Test
	void nothingMakesAJobDownWhereTheListIsEmpty() {
		Sources sources = Sources.none()
			.yaml("background-jobs.jobs.nightly-report.health:", "  down-on: []")
			.properties("background-jobs.jobs.maintenance.removeExpired.health.down-on=");
		assertThat(health(sources, REPORT).downOn()).isEmpty();
		assertThat(health(sources, CLEAN_UP).downOn()).isEmpty();
	}

	@Test
	void listOfAHigherSourceReplacesThatOfALowerOne() {
		Sources sources = Sources.none()
			.variables(Map.of("BACKGROUNDJOBS_JOBS_NIGHTLYREPORT_HEALTH_DOWNON_0", "stuck"))
			.yaml("background-jobs.jobs.nightly-report.health:", "  down-on:", "    - overdue", "    - failing");
		assertThat(health(sources, REPORT).downOn()).containsExactly(HealthCondition.STUCK);
	}

	@Test
	void unknownAttributeOfHealthIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.health.failurs=2");
		ConfiguredJobs configured = new ConfiguredJobs(sources.environment());
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> configured.requireKnown(List.of("nightly-report"), List.of()))
			.withMessageContaining("no attribute 'health.failurs'")
			.satisfies((ex) -> assertThat(ex.action()).contains("health.failures"));
	}

	@Test
	void healthOfAnUnknownNameIsRefusedWithTheNameAsItWasWritten() {
		Sources sources = Sources.none().yaml("background-jobs.jobs.Nightly-Reprot.health.down-on:", "  - overdue");
		ConfiguredJobs configured = new ConfiguredJobs(sources.environment());
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> configured.requireKnown(List.of("nightly-report"), List.of()))
			.withMessageContaining("no job 'Nightly-Reprot'");
	}

	@Test
	void healthOfAJobThatIsSpawnedIsWhatMakesItDown() {
		Sources good = Sources.none().properties("background-jobs.jobs.send-receipt.health.down-on=stuck");
		new ConfiguredJobs(good.environment()).requireKnown(List.of(), List.of("send-receipt"));
		Sources bad = Sources.none().properties("background-jobs.jobs.send-receipt.health.failures=2");
		ConfiguredJobs configured = new ConfiguredJobs(bad.environment());
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> configured.requireKnown(List.of(), List.of("send-receipt")))
			.withMessageContaining("'send-receipt' is not periodic");
	}

	@Test
	void placeholdersAreResolved() {
		Sources sources = Sources.none()
			.properties("rate=7s", "background-jobs.jobs.maintenance.removeExpired.every=${rate}");
		assertThat(apply(sources, CLEAN_UP).schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(7)));
	}

	@Test
	void cronKeepsTheZoneOfTheAnnotation() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.cron=0 0 4 * * *");
		assertThat(apply(sources, REPORT).schedule())
			.isEqualTo(new JobSchedule.Cron("0 0 4 * * *", ZoneId.of("Europe/Paris")));
	}

	@Test
	void cronKeepsTheZoneOfAnAnnotationThatDisablesTheJob() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.cron=0 0 4 * * *");
		PeriodicJobSpec disabled = PeriodicJobSpec.named("nightly-report")
			.schedule(new JobSchedule.Never(ZoneId.of("Europe/Paris")))
			.enabled(false);
		assertThat(apply(sources, disabled).schedule())
			.isEqualTo(new JobSchedule.Cron("0 0 4 * * *", ZoneId.of("Europe/Paris")));
	}

	@Test
	void dashAsCronDisables() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.cron=-");
		assertThat(apply(sources, REPORT).isEnabled()).isFalse();
	}

	@Test
	void scheduleEnablesWhatTheAnnotationHadDisabled() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.every=5m");
		PeriodicJobSpec spec = apply(sources, PeriodicJobSpec.named("nightly-report").enabled(false));
		assertThat(spec.isEnabled()).isTrue();
		assertThat(spec.schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofMinutes(5)));
	}

	@Test
	void noneSwitchesTheTimeoutOff() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.timeout=none");
		assertThat(apply(sources, REPORT.timeout(Duration.ofSeconds(1))).run().timeout()).isZero();
	}

	@Test
	void higherSourceReplacesTheScheduleOfALowerOneWhateverItsKind() {
		Sources sources = Sources.none()
			.variables(Map.of("BACKGROUNDJOBS_JOBS_NIGHTLYREPORT_EVERY", "5m"))
			.yaml("background-jobs.jobs.nightly-report:", "  cron: '0 0 4 * * *'", "  pool: reports");
		PeriodicJobSpec spec = apply(sources, REPORT);
		assertThat(spec.schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofMinutes(5)));
		assertThat(spec.run().pool()).isEqualTo("reports");
	}

	@Test
	void intervalOfAHigherSourceTakesTheZoneOfTheLowerOnesCronWithIt() {
		Sources sources = Sources.none()
			.variables(Map.of("BACKGROUNDJOBS_JOBS_NIGHTLYREPORT_EVERY", "5m"))
			.yaml("background-jobs.jobs.nightly-report:", "  cron: '0 0 4 * * *'", "  zone: UTC");
		assertThat(apply(sources, REPORT).schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofMinutes(5)));
	}

	@Test
	void twoSchedulesInOneSourceAreRefused() {
		Sources sources = Sources.none()
			.yaml("background-jobs.jobs.nightly-report:", "  every: 5m", "  cron: '0 0 4 * * *'");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> apply(sources, REPORT))
			.withMessageContaining("background-jobs.jobs.nightly-report.every")
			.withMessageContaining("background-jobs.jobs.nightly-report.cron")
			.withMessageContaining("application.yml");
	}

	@Test
	void bareNumberIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.every=30");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> apply(sources, REPORT))
			.withMessageContaining("background-jobs.jobs.nightly-report.every is '30'")
			.satisfies((ex) -> assertThat(ex.action()).contains("'30s'"));
	}

	@Test
	void fiveFieldsOfCronAreRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.cron=30 2 * * *");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> apply(sources, REPORT))
			.withMessageContaining("five fields")
			.satisfies((ex) -> assertThat(ex.action()).contains("'0 30 2 * * *'"));
	}

	@Test
	void badCronIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.cron=0 0 25 * * *");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> apply(sources, REPORT))
			.withMessageContaining("background-jobs.jobs.nightly-report.cron is '0 0 25 * * *'");
	}

	@Test
	void badZoneIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.zone=Europe/Pariss");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> apply(sources, REPORT))
			.withMessageContaining("background-jobs.jobs.nightly-report.zone is 'Europe/Pariss'");
	}

	@Test
	void zoneWithoutCronIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.maintenance.removeExpired.zone=UTC");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> apply(sources, CLEAN_UP))
			.withMessageContaining("only a cron expression has a zone");
	}

	@Test
	void unknownPolicyIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.overlap=parallel");
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> apply(sources, REPORT))
			.withMessageContaining("overlap");
	}

	@Test
	void poolForAJobWithAnExecutorIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report.pool=reports");
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> apply(sources, REPORT.executor(Runnable::run)))
			.withMessageContaining("background-jobs.jobs.nightly-report.pool");
	}

	@Test
	void spawnedJobTakesPoolAndTimeout() {
		Sources sources = Sources.none()
			.properties("background-jobs.jobs.send-receipt.optional=true",
					"background-jobs.jobs.send-receipt.pool=mail", "background-jobs.jobs.send-receipt.timeout=9s");
		JobOptions options = overrides(sources).apply(JobOptions.named("send-receipt"));
		assertThat(options.pool()).isEqualTo("mail");
		assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(9));
	}

	@Test
	void spawnedJobWithoutOverridesIsLeftAsItIs() {
		JobOptions options = JobOptions.named("send-receipt");
		assertThat(overrides(Sources.none()).apply(options)).isSameAs(options);
		assertThat(overrides(Sources.none().properties("background-jobs.jobs.other.pool=mail")).apply(options))
			.isSameAs(options);
	}

	@Test
	void unknownNameIsRefusedWithTheNearestOnes() {
		Sources sources = Sources.none().yaml("background-jobs:", "  jobs:", "    nightly-reprot:", "      every: 5m");
		ConfiguredJobs configured = new ConfiguredJobs(sources.environment());
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> configured.requireKnown(
					List.of("a-job", "maintenance.removeExpired", "nightly-report", "send-receipt", "z"), List.of()))
			.withMessageContaining("no job 'nightly-reprot'")
			.withMessageContaining("background-jobs.jobs.nightly-reprot.every")
			.withMessageContaining("application.yml] - 4:14")
			.satisfies((ex) -> assertThat(ex.action()).contains("The nearest names are 'nightly-report', ")
				.contains("background-jobs.jobs.nightly-reprot.optional"));
	}

	@Test
	void unknownNameInAVariableIsRefused() {
		Sources sources = Sources.none().variables(Map.of("BACKGROUNDJOBS_JOBS_NIGHTLYREPROT_EVERY", "5m"));
		ConfiguredJobs configured = new ConfiguredJobs(sources.environment());
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> configured.requireKnown(List.of("nightly-report"), List.of()))
			.withMessageContaining("no job 'nightlyreprot'")
			.satisfies((ex) -> assertThat(ex.action()).contains("The nearest name is 'nightly-report'."));
	}

	@Test
	void optionalNameMayBeUnknown() {
		Sources sources = Sources.none()
			.variables(Map.of("BACKGROUNDJOBS_JOBS_SENDRECEIPT_OPTIONAL", "true"))
			.properties("background-jobs.jobs.send-receipt.pool=mail");
		new ConfiguredJobs(sources.environment()).requireKnown(List.of("nightly-report"), List.of());
	}

	@Test
	void knownNamesAreAcceptedInEveryForm() {
		Sources sources = Sources.none()
			.variables(Map.of("BACKGROUND_JOBS_JOBS_NIGHTLY_REPORT_FIXED_DELAY", "9s",
					"BACKGROUNDJOBS_JOBS_MAINTENANCE_REMOVEEXPIRED_EVERY", "7s"))
			.properties("background-jobs.jobs[maintenance.removeExpired].paused=true",
					"background-jobs.jobs.NightlyReport.pool=reports");
		new ConfiguredJobs(sources.environment()).requireKnown(List.of("nightly-report", "maintenance.removeExpired"),
				List.of());
	}

	@Test
	void unknownAttributeIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.maintenance.removeExpired.evry=7s");
		ConfiguredJobs configured = new ConfiguredJobs(sources.environment());
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> configured.requireKnown(List.of("maintenance.removeExpired"), List.of()))
			.withMessageContaining("no attribute 'evry'")
			.satisfies((ex) -> assertThat(ex.action()).contains("every, fixed-delay, cron"));
	}

	@Test
	void valueForTheJobItselfIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.nightly-report=7s");
		ConfiguredJobs configured = new ConfiguredJobs(sources.environment());
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> configured.requireKnown(List.of("nightly-report"), List.of()))
			.withMessageContaining("for the job itself, by the property background-jobs.jobs.nightly-report")
			.satisfies((ex) -> assertThat(ex.action()).contains("every, fixed-delay, cron"));
	}

	@Test
	void scheduleOfAJobThatIsSpawnedIsRefused() {
		Sources sources = Sources.none().properties("background-jobs.jobs.send-receipt.every=7s");
		ConfiguredJobs configured = new ConfiguredJobs(sources.environment());
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> configured.requireKnown(List.of(), List.of("send-receipt")))
			.withMessageContaining("'send-receipt' is not periodic");
	}

	@Test
	void badTimeoutOfAnOptionalJobIsRefusedAtTheStart() {
		Sources sources = Sources.none()
			.properties("background-jobs.jobs.send-receipt.optional=true",
					"background-jobs.jobs.send-receipt.timeout=30");
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> overrides(sources).check(List.of("default")))
			.withMessageContaining("timeout is '30'");
	}

	@Test
	void unknownPoolOfAJobThatIsSpawnedIsRefusedAtTheStart() {
		Sources sources = Sources.none()
			.properties("background-jobs.jobs.send-receipt.optional=true",
					"background-jobs.jobs.send-receipt.pool=mial");
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> overrides(sources).check(List.of("default", "mail")))
			.withMessageContaining("pool is 'mial', which is not the name of a pool")
			.satisfies((ex) -> assertThat(ex.action()).contains("default, mail"));
		overrides(sources).check(List.of("mial"));
	}

	private static JobProperties.Health health(Sources sources, PeriodicJobSpec spec) {
		JobProperties properties = new ConfiguredJobs(sources.environment()).find(spec.name());
		assertThat(properties).isNotNull();
		return properties.health();
	}

	private static PeriodicJobSpec apply(Sources sources, PeriodicJobSpec spec) {
		return overrides(sources).apply(spec);
	}

	private static PropertyOverrides overrides(Sources sources) {
		return new PropertyOverrides(new ConfiguredJobs(sources.environment()));
	}

}
