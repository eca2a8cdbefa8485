package io.backgroundjobs.engine;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.backgroundjobs.JobConfigurationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CronSchedule}.
 */
class CronScheduleTests {

	/**
	 * Each row: the expression, the zone, the instant to look from, and the instants that
	 * follow, all as local times with their offsets.
	 */
	@ParameterizedTest(name = "{0} in {1} after {2}")
	@CsvSource(delimiter = '|',
			textBlock = """
					# An ordinary day
					0 30 2 * * *    | Europe/Paris | 2026-01-10T00:00+01:00 | 2026-01-10T02:30+01:00 2026-01-11T02:30+01:00
					0 30 2 * * *    | Europe/Paris | 2026-01-10T02:30+01:00 | 2026-01-11T02:30+01:00
					0 30 2 * * *    | Europe/Paris | 2026-01-10T02:29:59.999999999+01:00 | 2026-01-10T02:30+01:00
					0 30 2 * * *    | UTC | 2026-03-28T12:00Z | 2026-03-29T02:30Z 2026-03-30T02:30Z
					0 15 2 * * *    | Asia/Kathmandu | 2026-03-28T12:00+05:45 | 2026-03-29T02:15+05:45 2026-03-30T02:15+05:45
					# Paris: no 02:00 to 03:00 on 2026-03-29
					0 30 2 * * *    | Europe/Paris | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:30+02:00
					0 0 2 * * *     | Europe/Paris | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:00+02:00
					0 59 1 * * *    | Europe/Paris | 2026-03-28T12:00+01:00 | 2026-03-29T01:59+01:00 2026-03-30T01:59+02:00
					0 0 3 * * *     | Europe/Paris | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T03:00+02:00
					0 */10 2 * * *  | Europe/Paris | 2026-03-28T23:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:00+02:00
					0 */10 2,3 * * * | Europe/Paris | 2026-03-28T23:00+01:00 | 2026-03-29T03:00+02:00 2026-03-29T03:10+02:00
					0 30 * * * *    | Europe/Paris | 2026-03-29T01:00+01:00 | 2026-03-29T01:30+01:00 2026-03-29T03:00+02:00 2026-03-29T03:30+02:00
					0 0 * * * *     | Europe/Paris | 2026-03-29T00:30+01:00 | 2026-03-29T01:00+01:00 2026-03-29T03:00+02:00 2026-03-29T04:00+02:00
					# Paris: 02:00 to 03:00 twice on 2026-10-25
					0 30 2 * * *    | Europe/Paris | 2026-10-24T12:00+02:00 | 2026-10-25T02:30+02:00 2026-10-26T02:30+01:00
					0 30 2 * * *    | Europe/Paris | 2026-10-25T02:00+01:00 | 2026-10-26T02:30+01:00
					0 30 2 * * *    | Europe/Paris | 2026-10-25T02:15+01:00 | 2026-10-26T02:30+01:00
					0 30 2 * * *    | Europe/Paris | 2026-10-25T02:59:59+01:00 | 2026-10-26T02:30+01:00
					0 0 3 * * *     | Europe/Paris | 2026-10-25T02:15+01:00 | 2026-10-25T03:00+01:00 2026-10-26T03:00+01:00
					0 0 2,3 * * *   | Europe/Paris | 2026-10-25T00:00+02:00 | 2026-10-25T02:00+02:00 2026-10-25T03:00+01:00
					0 0 0-23 * * *  | Europe/Paris | 2026-10-25T01:30+02:00 | 2026-10-25T02:00+02:00 2026-10-25T03:00+01:00
					0 0 * * * *     | Europe/Paris | 2026-10-25T01:30+02:00 | 2026-10-25T02:00+02:00 2026-10-25T02:00+01:00 2026-10-25T03:00+01:00
					@hourly         | Europe/Paris | 2026-10-25T01:30+02:00 | 2026-10-25T02:00+02:00 2026-10-25T02:00+01:00 2026-10-25T03:00+01:00
					0 30 */2 * * *  | Europe/Paris | 2026-10-25T01:00+02:00 | 2026-10-25T02:30+02:00 2026-10-25T02:30+01:00 2026-10-25T04:30+01:00
					0 */30 * * * *  | Europe/Paris | 2026-10-25T02:15+02:00 | 2026-10-25T02:30+02:00 2026-10-25T02:00+01:00 2026-10-25T02:30+01:00 2026-10-25T03:00+01:00
					0 30 * * * *    | Europe/Paris | 2026-10-25T02:15+01:00 | 2026-10-25T02:30+01:00 2026-10-25T03:30+01:00
					# New York: gap on 2026-03-08, overlap of 01:00 to 02:00 on 2026-11-01
					0 30 2 * * SUN  | America/New_York | 2026-03-07T12:00-05:00 | 2026-03-08T03:00-04:00 2026-03-15T02:30-04:00
					0 30 1 * * *    | America/New_York | 2026-10-31T12:00-04:00 | 2026-11-01T01:30-04:00 2026-11-02T01:30-05:00
					0 30 * * * *    | America/New_York | 2026-11-01T01:00-04:00 | 2026-11-01T01:30-04:00 2026-11-01T01:30-05:00 2026-11-01T02:30-05:00
					# Cairo: no 00:00 to 01:00 on 2026-04-24; 23:00 to 24:00 twice on 2026-10-29
					0 0 0 * * *     | Africa/Cairo | 2026-04-23T12:00+02:00 | 2026-04-24T01:00+03:00 2026-04-25T00:00+03:00
					@daily          | Africa/Cairo | 2026-04-23T12:00+02:00 | 2026-04-24T01:00+03:00 2026-04-25T00:00+03:00
					0 30 0 24 * *   | Africa/Cairo | 2026-04-23T12:00+02:00 | 2026-04-24T01:00+03:00 2026-05-24T00:30+03:00
					0 30 23 * * *   | Africa/Cairo | 2026-10-29T12:00+03:00 | 2026-10-29T23:30+03:00 2026-10-30T23:30+02:00
					@daily          | Africa/Cairo | 2026-10-29T23:30+03:00 | 2026-10-30T00:00+02:00 2026-10-31T00:00+02:00
					# Lord Howe: 02:00 to 02:30 missing on 2026-10-04, 01:30 to 02:00 twice on 2026-04-05
					0 15 2 * * *    | Australia/Lord_Howe | 2026-10-03T12:00+10:30 | 2026-10-04T02:30+11:00 2026-10-05T02:15+11:00
					0 30 2 * * *    | Australia/Lord_Howe | 2026-10-03T12:00+10:30 | 2026-10-04T02:30+11:00 2026-10-05T02:30+11:00
					0 15,30 2 * * * | Australia/Lord_Howe | 2026-10-03T12:00+10:30 | 2026-10-04T02:30+11:00 2026-10-05T02:15+11:00
					0 45 1 * * *    | Australia/Lord_Howe | 2026-04-04T12:00+11:00 | 2026-04-05T01:45+11:00 2026-04-06T01:45+10:30
					0 45 * * * *    | Australia/Lord_Howe | 2026-04-05T01:00+11:00 | 2026-04-05T01:45+11:00 2026-04-05T01:45+10:30 2026-04-05T02:45+10:30
					0 15 * * * *    | Australia/Lord_Howe | 2026-04-05T01:00+11:00 | 2026-04-05T01:15+11:00 2026-04-05T02:15+10:30
					# Apia: the whole of 2011-12-30 is missing
					0 30 2 * * *    | Pacific/Apia | 2011-12-29T12:00-10:00 | 2011-12-31T00:00+14:00 2011-12-31T02:30+14:00
					0 0 * * * *     | Pacific/Apia | 2011-12-29T22:30-10:00 | 2011-12-29T23:00-10:00 2011-12-31T00:00+14:00 2011-12-31T01:00+14:00
					0 0 12 30 12 *  | Pacific/Apia | 2011-06-01T00:00-11:00 | 2011-12-31T00:00+14:00 2012-12-30T12:00+14:00
					# Fields of Spring's own
					0 0 12 L * *    | Europe/Paris | 2026-02-01T00:00+01:00 | 2026-02-28T12:00+01:00 2026-03-31T12:00+02:00
					0 0 12 LW * *   | Europe/Paris | 2026-05-01T00:00+02:00 | 2026-05-29T12:00+02:00 2026-06-30T12:00+02:00
					0 0 12 1W * *   | Europe/Paris | 2026-07-15T00:00+02:00 | 2026-08-03T12:00+02:00 2026-09-01T12:00+02:00
					0 30 2 ? * SUNL | Europe/Paris | 2026-03-01T00:00+01:00 | 2026-03-29T03:00+02:00 2026-04-26T02:30+02:00
					0 30 2 ? * 0#4  | Europe/Paris | 2026-09-30T00:00+02:00 | 2026-10-25T02:30+02:00 2026-11-22T02:30+01:00
					0 0 0 29 2 *    | Europe/Paris | 2026-01-01T00:00+01:00 | 2028-02-29T00:00+01:00 2032-02-29T00:00+01:00
					""")
	void instantsFollow(String expression, ZoneId zone, String after, String expected) {
		CronSchedule schedule = CronSchedule.parse(expression, zone);
		List<String> instants = new ArrayList<>();
		Instant instant = ZonedDateTime.parse(after).toInstant();
		for (int i = 0; i < expected.split(" ").length; i++) {
			instant = schedule.next(instant);
			assertThat(instant).isNotNull();
			instants.add(instant.atZone(zone).toOffsetDateTime().toString());
		}
		assertThat(instants).containsExactly(expected.split(" "));
	}

	@Test
	void whereTheExpressionNamesNoDayThereIsNoNextInstant() {
		CronSchedule schedule = CronSchedule.parse("0 0 0 31 2 *", ZoneId.of("Europe/Paris"));
		assertThat(schedule.next(Instant.parse("2026-01-01T00:00:00Z"))).isNull();
	}

	@Test
	void noNextInstantIsFoundInBothPassesEither() {
		CronSchedule schedule = CronSchedule.parse("0 0 * 31 2 *", ZoneId.of("Europe/Paris"));
		assertThat(schedule.next(Instant.parse("2026-01-01T00:00:00Z"))).isNull();
	}

	@Test
	void aDayThatIsYearsAheadIsReachedAcrossAllTransitions() {
		ZoneId zone = ZoneId.of("Europe/Paris");
		CronSchedule schedule = CronSchedule.parse("0 0 12 29 2 TUE", zone);
		assertThat(schedule.next(Instant.parse("2028-03-01T00:00:00Z")))
			.isEqualTo(LocalDateTime.of(2056, 2, 29, 12, 0).atZone(zone).toInstant());
	}

	@Test
	void whenThereAreFiveFieldsThenTheSixAreSpelledOut() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> CronSchedule.parse("30 2  * * MON-FRI", ZoneId.of("UTC")))
			.withMessageContaining("'30 2  * * MON-FRI' has five fields")
			.satisfies((ex) -> assertThat(ex.action()).isEqualTo("Write '0 30 2 * * MON-FRI'."));
	}

	@Test
	void whenTheFiveFieldsAreWrongTooThenNothingWrongIsProposed() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> CronSchedule.parse("99 2 * * *", ZoneId.of("UTC")))
			.satisfies((ex) -> assertThat(ex.action()).doesNotContain("99"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "-", "nonsense", "0 0 0 * *  * *", "0 61 * * * *", "0 0 24 * * *", "a 0 0 * * *",
			"0 0 0 0 * *", "0 0 5-2 * * *", "0 */0 * * * *", "0 0 0 L-40L * *", "0 0 0 W * *", "0 0 0 * * #2",
			"0 0 0 * * MON#", "0 0 0 * * 9L", "0 1- * * * *", "0 , * * * *", "@never" })
	void whatSpringDoesNotTakeIsRefusedWithTheReason(String expression) {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> CronSchedule.parse(expression, ZoneId.of("UTC")))
			.withMessageStartingWith("The cron expression '" + expression + "' is not valid: ")
			.satisfies((ex) -> {
				assertThat(ex).hasMessageContaining(ex.getCause().getMessage());
				assertThat(ex.action()).contains("six fields");
			});
	}

}
