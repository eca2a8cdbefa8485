package io.backgroundjobs.annotation;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.Shielded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PeriodicJobAttributesTests {

	private static final String POSITIVE = "Give a positive duration, such as 30s, 5m or PT1H.";

	private static final String ONE_SCHEDULE = "Give exactly one of 'every', 'fixedDelay' and 'cron'";

	private static String place(String type) {
		String bean = Character.toLowerCase(type.charAt(0)) + type.substring(1);
		return "@PeriodicJob on method " + type + ".job() of bean '" + bean + "'";
	}

	private PeriodicJobSpec spec(Class<?> bean) {
		RecordingEngine engine = new RecordingEngine();
		AnnotationContext.start(engine.engine, bean).close();
		return engine.specs.values().iterator().next();
	}

	@Test
	void everyAttributeReachesTheSpecification() {
		PeriodicJobSpec spec = spec(All.class);
		assertThat(spec.name()).isEqualTo("all-of-it");
		assertThat(spec.schedule()).isEqualTo(new JobSchedule.FixedDelay(Duration.ofMinutes(5)));
		assertThat(spec.initialDelay()).isEqualTo(Duration.ZERO);
		assertThat(spec.jitter()).isEqualTo(Duration.ofSeconds(10));
		assertThat(spec.run().pool()).isEqualTo("default");
		assertThat(spec.run().timeout()).isEqualTo(Duration.ofSeconds(90));
		assertThat(spec.run().isShielded()).isTrue();
		assertThat(spec.overlap()).isEqualTo(OverlapPolicy.QUEUE_ONE);
		assertThat(spec.missed()).isEqualTo(MissedRunPolicy.CATCH_UP);
		assertThat(spec.scope()).isEqualTo(JobScope.INSTANCE);
		assertThat(spec.isEnabled()).isTrue();
	}

	@Test
	void cronHasItsZone() {
		assertThat(spec(Cron.class).schedule())
			.isEqualTo(new JobSchedule.Cron("0 30 2 * * *", ZoneId.of("Europe/Paris")));
		assertThat(spec(MacroCron.class).schedule()).isEqualTo(new JobSchedule.Cron("@daily", ZoneId.systemDefault()));
	}

	@Test
	void dashInPlaceOfCronDisablesTheJob() {
		PeriodicJobSpec spec = spec(DisabledCron.class);
		assertThat(spec.isEnabled()).isFalse();
		assertThat(spec.schedule()).isEqualTo(new JobSchedule.Never());
		assertThat(spec(DisabledCronWithZone.class).schedule())
			.isEqualTo(new JobSchedule.Never(ZoneId.of("Europe/Paris")));
	}

	@Test
	void executorIsTheNamedBean() {
		assertThat(spec(OnExecutor.class).executor()).isSameAs(OnExecutor.EXECUTOR);
	}

	@Test
	void whenThereIsNoScheduleThenStartFails() {
		AnnotationContext.assertRefused(place("NoSchedule") + " has no schedule",
				ONE_SCHEDULE + ", such as every = \"30s\".", NoSchedule.class);
	}

	@Test
	void whenPlaceholderLeavesScheduleEmptyThenStartFails() {
		AnnotationContext.assertRefused(place("EmptySchedule") + " has no schedule",
				ONE_SCHEDULE + ", such as every = \"30s\".", EmptySchedule.class);
	}

	@Test
	void whenThereAreSeveralSchedulesThenStartFails() {
		AnnotationContext.assertRefused(
				place("TwoSchedules") + " has several schedules: every = '30s', cron = '0 0 3 * * *'",
				ONE_SCHEDULE + ".", TwoSchedules.class);
	}

	@Test
	void whenDurationHasNoUnitThenStartFails() {
		AnnotationContext.assertRefused("The 'every' of " + place("BareNumber") + " is '30', a number without a unit",
				"Write '30s' for seconds, '30ms' for milliseconds or '30m' for minutes.", BareNumber.class);
	}

	@Test
	void whenPropertyHasNoUnitThenStartFails() {
		AnnotationContext.assertRefused(Map.of("cleanup.every", "500"),
				"The 'fixedDelay' of " + place("FromProperty") + " is '500', a number without a unit",
				"Write '500s' for seconds, '500ms' for milliseconds or '500m' for minutes.", FromProperty.class);
	}

	@Test
	void whenPlaceholderCannotBeResolvedThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'fixedDelay' of " + place("FromProperty") + " is '${cleanup.every}', which cannot be resolved: "
						+ "Could not resolve placeholder 'cleanup.every' in value \"${cleanup.every}\"",
				"Set the property, or give a default as in '${property:default}'.", FromProperty.class);
	}

	@Test
	void whenExpressionFailsThenStartFails() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> AnnotationContext.start(new RecordingEngine().engine, BadExpression.class).close())
			.withMessageStartingWith("The 'every' of " + place("BadExpression")
					+ " is '#{nobody.interval}', which cannot be resolved: ");
	}

	@Test
	void whenDurationIsNotOneThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'initialDelay' of " + place("NoDuration") + " is 'soon', which is not a duration",
				"Write a number and its unit, as in '30s', '5m', '1h30m' or 'PT1H'.", NoDuration.class);
	}

	@Test
	void whenIntervalIsZeroThenStartFails() {
		AnnotationContext.assertRefused("The 'every' of " + place("Zero") + " is '0s', which is not above zero",
				POSITIVE, Zero.class);
	}

	@Test
	void whenTimeoutIsNegativeThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'timeout' of " + place("NegativeTimeout") + " is '-1s', which is not above zero", POSITIVE,
				NegativeTimeout.class);
	}

	@Test
	void whenJitterIsNegativeThenStartFails() {
		AnnotationContext.assertRefused("The 'jitter' of " + place("NegativeJitter") + " is '-1s', a negative duration",
				"Give zero or a positive duration, such as 30s, 5m or PT1H.", NegativeJitter.class);
	}

	@Test
	void whenCronHasFiveFieldsThenMessageSpellsTheSix() {
		AnnotationContext.assertRefused(
				"The 'cron' of " + place("FiveFields") + " is '30 2 * * *', which has five fields",
				"The first of six fields is the second: write '0 30 2 * * *'.", FiveFields.class);
	}

	@Test
	void whenCronIsNotOneThenStartFails() {
		AnnotationContext.assertRefused("The 'cron' of " + place("BadCron")
				+ " is '0 61 * * * *', which is not a cron expression: "
				+ "Invalid value for MinuteOfHour (valid values 0 - 59): 61 '61' in cron expression \"0 61 * * * *\"",
				"Write six fields: second, minute, hour, day of the month, month, day of the week. "
						+ "'0 30 2 * * *' is each day at 02:30; '-' disables the job.",
				BadCron.class);
	}

	@Test
	void whenZoneIsNotOneThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'zone' of " + place("BadZone") + " is 'Europe/Pari', which is not a time zone",
				"Write the identifier of a zone, such as 'Europe/Paris' or 'UTC'.", BadZone.class);
	}

	@Test
	void whenZoneHasNoCronThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'zone' of " + place("ZoneWithoutCron") + " is 'UTC', but only a cron expression has a zone",
				"Remove the 'zone', or give a 'cron' in place of 'every'.", ZoneWithoutCron.class);
	}

	@Test
	void whenExecutorStandsBesidePoolThenStartFails() {
		AnnotationContext.assertRefused(
				place("ExecutorAndPool") + " has both a 'pool' ('default') and an 'executor' ('mine')",
				"Keep one of the two.", ExecutorAndPool.class);
	}

	@Test
	void whenExecutorDoesNotExistThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'executor' of " + place("UnknownExecutor") + " is 'mine', which is not the name of a bean",
				"Name a bean of type java.util.concurrent.Executor; there is none.", UnknownExecutor.class);
	}

	@Test
	void whenExecutorIsAnotherBeanThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'executor' of " + place("WrongExecutor") + " is 'wrongExecutor', a bean that is not an Executor",
				"Name one of the executors: real.", WrongExecutor.class, Executors.class);
	}

	@Test
	void whenExecutorIsTheClockThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'executor' of " + place("OnClock")
						+ " is 'backgroundJobTaskScheduler', which is the clock of all jobs and runs none of them",
				"Name one of the executors: real. Without 'executor' the job runs in a pool.", OnClock.class,
				Executors.class, Clock.class);
	}

	@Test
	void whenScopeIsClusterAndThereIsNoNameThenStartFails() {
		AnnotationContext.assertRefused(place("Clustered") + " has the scope CLUSTER and no name",
				"Give it a name, such as name = \"nightly-report\": all instances know it by that, those of "
						+ "other versions too.",
				Clustered.class);
	}

	@Test
	void whenNameIsNotValidThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'name' of " + place("BadName") + " is 'clean up', which is not a valid job name",
				"Use letters, digits, '.', '_' and '-', and begin with a letter or a digit.", BadName.class);
	}

	@Test
	void whenEngineRefusesTheJobThenMessageNamesThePlace() {
		AnnotationContext.assertRefused("There is no pool 'reports'. It was declared by " + place("UnknownPool"),
				"Declare it.", UnknownPool.class);
	}

	@Test
	void whenArgumentsAreTooFewThenStartFails() {
		AnnotationContext.assertRefused(
				"@PeriodicJob on method TooFewArguments.job(String, int) of bean 'tooFewArguments' has 1 'args' for 2 "
						+ "parameters",
				"Give one text in 'args' for each parameter that is not a JobContext.", TooFewArguments.class);
	}

	@Test
	void whenThereAreArgumentsForNoParametersThenStartFails() {
		AnnotationContext.assertRefused(place("TooManyArguments") + " has 1 'args' for 0 parameters",
				"Give one text in 'args' for each parameter that is not a JobContext.", TooManyArguments.class);
	}

	@Test
	void whenArgumentCannotBeConvertedThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'args' of @PeriodicJob on method BadArgument.job(int) of bean 'badArgument' is 'many', which cannot "
						+ "be converted to the int that the method takes",
				"Write a text that the application's ConversionService converts to int.", BadArgument.class);
	}

	@Test
	void whenArgumentOfPrimitiveIsEmptyThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'args' of @PeriodicJob on method EmptyArgument.job(int) of bean 'emptyArgument' is '', which cannot "
						+ "be converted to the int that the method takes",
				"Write a text that the application's ConversionService converts to int.", EmptyArgument.class);
	}

	@Test
	void whenOverloadedMethodsHaveNoNamesThenStartFails() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> AnnotationContext.start(new RecordingEngine().engine, Overloaded.class).close())
			.withMessageMatching(
					"@PeriodicJob on method Overloaded.job\\((JobContext)?\\) of bean 'overloaded' is on one "
							+ "of several methods of this name, and has no name")
			.satisfies(
					(ex) -> assertThat(ex.action()).isEqualTo("Give each of them a name of its own: name = \"...\"."));
	}

	@Test
	void overloadedMethodsWithNamesAreJobs() {
		RecordingEngine engine = new RecordingEngine();
		AnnotationContext.start(engine.engine, NamedOverloads.class).close();
		assertThat(engine.specs).containsOnlyKeys("one", "two");
	}

	@Test
	void whenRepeatedAnnotationHasNoNameThenStartFails() {
		AnnotationContext.assertRefused(place("RepeatedWithoutName") + " is repeated, and not each one has a name",
				"Give each of them a name of its own: name = \"...\".", RepeatedWithoutName.class);
	}

	@Test
	void whenNameIsTakenThenMessageNamesBothPlaces() {
		AnnotationContext.assertRefused(
				"The job name 'report' is declared twice: by " + place("Report") + " and by " + place("OtherReport"),
				"Give one of the two another name.", Report.class, OtherReport.class);
	}

	@Test
	void whenMethodIsPeriodicAndBackgroundJobThenStartFails() {
		AnnotationContext.assertRefused(place("Both") + " is not alone: the method also carries @BackgroundJob",
				"Keep one of the two, and move the work to a method that both may call.", Both.class);
	}

	@Test
	void whenMethodIsPeriodicAndShieldedThenStartFails() {
		AnnotationContext.assertRefused(place("BothShielded") + " is not alone: the method also carries @Shielded",
				"Keep the first, with 'shielded = true', and remove @Shielded.", BothShielded.class);
	}

	static class All {

		@PeriodicJob(name = "all-of-it", fixedDelay = "PT5M", initialDelay = "0s", jitter = "10s", pool = "default",
				timeout = "1m30s", overlap = OverlapPolicy.QUEUE_ONE, missed = MissedRunPolicy.CATCH_UP,
				shielded = true)
		void job() {
		}

	}

	static class Cron {

		@PeriodicJob(cron = "0 30 2 * * *", zone = "Europe/Paris")
		void job() {
		}

	}

	static class MacroCron {

		@PeriodicJob(cron = "@daily")
		void job() {
		}

	}

	static class DisabledCronWithZone {

		@PeriodicJob(cron = "-", zone = "Europe/Paris")
		void job() {
		}

	}

	static class DisabledCron {

		@PeriodicJob(cron = "${missing:-}")
		void job() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnExecutor {

		static final Executor EXECUTOR = Runnable::run;

		@Bean
		Executor mine() {
			return EXECUTOR;
		}

		@PeriodicJob(every = "1s", executor = "mine")
		void job() {
		}

	}

	static class NoSchedule {

		@PeriodicJob
		void job() {
		}

	}

	static class EmptySchedule {

		@PeriodicJob(every = "${missing:}")
		void job() {
		}

	}

	static class TwoSchedules {

		@PeriodicJob(every = "30s", cron = "0 0 3 * * *")
		void job() {
		}

	}

	static class BareNumber {

		@PeriodicJob(every = "30")
		void job() {
		}

	}

	static class FromProperty {

		@PeriodicJob(fixedDelay = "${cleanup.every}")
		void job() {
		}

	}

	static class BadExpression {

		@PeriodicJob(every = "#{nobody.interval}")
		void job() {
		}

	}

	static class NoDuration {

		@PeriodicJob(every = "1s", initialDelay = "soon")
		void job() {
		}

	}

	static class Zero {

		@PeriodicJob(every = "0s")
		void job() {
		}

	}

	static class NegativeTimeout {

		@PeriodicJob(every = "1s", timeout = "-1s")
		void job() {
		}

	}

	static class NegativeJitter {

		@PeriodicJob(every = "1s", jitter = "-1s")
		void job() {
		}

	}

	static class FiveFields {

		@PeriodicJob(cron = "30 2 * * *")
		void job() {
		}

	}

	static class BadCron {

		@PeriodicJob(cron = "0 61 * * * *")
		void job() {
		}

	}

	static class BadZone {

		@PeriodicJob(cron = "0 0 3 * * *", zone = "Europe/Pari")
		void job() {
		}

	}

	static class ZoneWithoutCron {

		@PeriodicJob(every = "1s", zone = "UTC")
		void job() {
		}

	}

	static class ExecutorAndPool {

		@PeriodicJob(every = "1s", pool = "default", executor = "mine")
		void job() {
		}

	}

	static class UnknownExecutor {

		@PeriodicJob(every = "1s", executor = "mine")
		void job() {
		}

	}

	static class OnClock {

		@PeriodicJob(every = "1s", executor = "backgroundJobTaskScheduler")
		void job() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Clock {

		@Bean
		Executor backgroundJobTaskScheduler() {
			return Runnable::run;
		}

	}

	static class WrongExecutor {

		@PeriodicJob(every = "1s", executor = "wrongExecutor")
		void job() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Executors {

		@Bean
		Executor real() {
			return Runnable::run;
		}

	}

	static class Clustered {

		@PeriodicJob(every = "1s", scope = JobScope.CLUSTER)
		void job() {
		}

	}

	static class BadName {

		@PeriodicJob(name = "clean up", every = "1s")
		void job() {
		}

	}

	static class UnknownPool {

		@PeriodicJob(every = "1s", pool = "reports")
		void job() {
		}

	}

	static class TooFewArguments {

		@PeriodicJob(every = "1s", args = "a")
		void job(String text, int number) {
		}

	}

	static class TooManyArguments {

		@PeriodicJob(every = "1s", args = "a")
		void job() {
		}

	}

	static class BadArgument {

		@PeriodicJob(every = "1s", args = "many")
		void job(int number) {
		}

	}

	static class EmptyArgument {

		@PeriodicJob(every = "1s", args = "")
		void job(int number) {
		}

	}

	static class Overloaded {

		@PeriodicJob(every = "1s")
		void job() {
		}

		@PeriodicJob(every = "1s")
		void job(JobContext context) {
		}

	}

	static class NamedOverloads {

		@PeriodicJob(name = "one", every = "1s")
		void job() {
		}

		@PeriodicJob(name = "two", every = "1s")
		void job(JobContext context) {
		}

	}

	static class RepeatedWithoutName {

		@PeriodicJob(name = "first", every = "1s")
		@PeriodicJob(every = "2s")
		void job() {
		}

	}

	static class Report {

		@PeriodicJob(name = "report", every = "1s")
		void job() {
		}

	}

	static class OtherReport {

		@PeriodicJob(name = "report", every = "1s")
		void job() {
		}

	}

	static class Both {

		@PeriodicJob(every = "1s")
		@BackgroundJob
		void job() {
		}

	}

	static class BothShielded {

		@PeriodicJob(every = "1s")
		@Shielded
		void job() {
		}

	}

}
