package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares {@link CronSchedule} with clocks that are watched step by step, and that know
 * neither cron expressions nor the rules of a zone.
 */
class CronScheduleOracleTests {

	private static final List<Transition> TRANSITIONS = List.of(new Transition("Europe/Paris", "2026-03-29T01:00:00Z"),
			new Transition("Europe/Paris", "2026-10-25T01:00:00Z"),
			new Transition("Africa/Cairo", "2026-04-23T22:00:00Z"),
			new Transition("Africa/Cairo", "2026-10-29T21:00:00Z"),
			new Transition("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
			new Transition("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
			new Transition("America/New_York", "2026-03-08T07:00:00Z"),
			new Transition("America/New_York", "2026-11-01T06:00:00Z"),
			new Transition("Pacific/Apia", "2011-12-30T10:00:00Z"),
			new Transition("Asia/Kathmandu", "1985-12-31T18:30:00Z"),
			new Transition("America/Caracas", "2016-05-01T07:00:00Z"), new Transition("UTC", "2026-03-29T01:00:00Z"));

	/**
	 * Another one in each run; {@code -Dtest.seed} repeats the run that failed.
	 */
	private final long seed = Long.getLong("test.seed", new Random().nextLong());

	@Test
	void aClockWatchedMinuteByMinuteAgrees() {
		Random random = new Random(this.seed);
		for (Transition transition : TRANSITIONS) {
			for (int i = 0; i < 20; i++) {
				Fields fields = Fields.random(random, false);
				agree(fields, transition, Duration.ofHours(36), Duration.ofMinutes(1));
			}
		}
	}

	@Test
	void aClockWatchedSecondBySecondAgrees() {
		Random random = new Random(this.seed);
		for (Transition transition : TRANSITIONS) {
			for (int i = 0; i < 4; i++) {
				Fields fields = Fields.random(random, true);
				agree(fields, transition, Duration.ofHours(3), Duration.ofSeconds(1));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Europe/Paris", "Africa/Cairo", "Australia/Lord_Howe", "America/New_York", "Pacific/Apia",
			"Asia/Kathmandu", "UTC" })
	void overThreeYearsNoInstantIsNamedTwiceAndNoneIsSkipped(String id) {
		ZoneId zone = ZoneId.of(id);
		Random random = new Random(this.seed);
		for (int i = 0; i < 5; i++) {
			Fields fields = Fields.random(random, false);
			LocalDate first = LocalDate.of(2010, 12, 25).plusYears(random.nextInt(14));
			Instant from = first.atStartOfDay(zone).toInstant();
			Instant to = first.plusYears(3).atStartOfDay(zone).toInstant();
			assertThat(walk(fields, zone, from, to)).as("%s in %s from %s, seed %d", fields, id, from, this.seed)
				.containsExactlyElementsOf(fields.instants(zone, from, to));
		}
	}

	private void agree(Fields fields, Transition transition, Duration around, Duration step) {
		ZoneId zone = ZoneId.of(transition.zone);
		Instant at = Instant.parse(transition.at);
		Instant from = at.minus(around);
		Instant to = at.plus(around);
		assertThat(walk(fields, zone, from, to)).as("%s in %s from %s, seed %d", fields, zone, from, this.seed)
			.containsExactlyElementsOf(watch(fields, zone, from, to, step));
	}

	/**
	 * The instants in [from, to) as the schedule names them, one after the other.
	 */
	private static List<Instant> walk(Fields fields, ZoneId zone, Instant from, Instant to) {
		CronSchedule schedule = CronSchedule.parse(fields.toString(), zone);
		List<Instant> instants = new ArrayList<>();
		Instant instant = schedule.next(from.minusNanos(1));
		while (instant != null && instant.isBefore(to)) {
			assertThat(instants.isEmpty() || instants.get(instants.size() - 1).isBefore(instant)).isTrue();
			instants.add(instant);
			instant = schedule.next(instant);
		}
		return instants;
	}

	/**
	 * The instants in [from, to), by looking at a local clock again and again. Where it
	 * jumps ahead, what it has left out is due; what it shows once more is not, unless
	 * each hour counts.
	 */
	private static List<Instant> watch(Fields fields, ZoneId zone, Instant from, Instant to, Duration step) {
		List<Instant> instants = new ArrayList<>();
		Set<LocalDateTime> seen = new HashSet<>();
		LocalDateTime expected = LocalDateTime.ofInstant(from, zone);
		for (Instant now = from; now.isBefore(to); now = now.plus(step)) {
			LocalDateTime local = LocalDateTime.ofInstant(now, zone);
			boolean due = false;
			for (LocalDateTime skipped = expected; skipped.isBefore(local); skipped = skipped.plus(step)) {
				due |= fields.match(skipped);
			}
			due |= fields.match(local) && (seen.add(local) || fields.everyHour());
			if (due) {
				instants.add(now);
			}
			expected = local.plus(step);
		}
		return instants;
	}

	private record Transition(String zone, String at) {
	}

	/**
	 * A random expression, and what it means.
	 */
	private record Fields(Set<Integer> seconds, Set<Integer> minutes, String hour, Set<Integer> hours,
			Set<Integer> daysOfWeek) {

		static Fields random(Random random, boolean withSeconds) {
			Set<Integer> seconds = withSeconds ? pick(random, 60, 3) : Set.of(0);
			Set<Integer> minutes = pick(random, 60, 4);
			Set<Integer> daysOfWeek = random.nextBoolean() ? everyNth(7, 1) : pick(random, 7, 5);
			int nth = 1 + random.nextInt(5);
			return switch (random.nextInt(4)) {
				case 0 -> new Fields(seconds, minutes, "*", everyNth(24, 1), daysOfWeek);
				case 1 -> new Fields(seconds, minutes, "*/" + nth, everyNth(24, nth), daysOfWeek);
				default -> {
					Set<Integer> hours = pick(random, random.nextBoolean() ? 4 : 24, 3);
					yield new Fields(seconds, minutes, list(hours), hours, daysOfWeek);
				}
			};
		}

		private static Set<Integer> pick(Random random, int bound, int count) {
			return IntStream.range(0, 1 + random.nextInt(count))
				.mapToObj((i) -> random.nextInt(bound))
				.collect(Collectors.toCollection(TreeSet::new));
		}

		private static Set<Integer> everyNth(int bound, int nth) {
			return IntStream.range(0, bound)
				.filter((value) -> value % nth == 0)
				.boxed()
				.collect(Collectors.toCollection(TreeSet::new));
		}

		private static String list(Set<Integer> values) {
			return values.stream().map(String::valueOf).collect(Collectors.joining(","));
		}

		boolean everyHour() {
			return this.hour.startsWith("*");
		}

		boolean match(LocalDateTime local) {
			return local.getNano() == 0 && this.seconds.contains(local.getSecond())
					&& this.minutes.contains(local.getMinute()) && this.hours.contains(local.getHour())
					&& this.daysOfWeek.contains(local.getDayOfWeek().getValue() % 7);
		}

		/**
		 * The instants in [from, to), by asking the zone about each local time.
		 */
		Set<Instant> instants(ZoneId zone, Instant from, Instant to) {
			Set<Instant> instants = new TreeSet<>();
			LocalDate last = LocalDate.ofInstant(to, zone);
			for (LocalDate day = LocalDate.ofInstant(from, zone); !day.isAfter(last); day = day.plusDays(1)) {
				for (int hour : this.hours) {
					for (int minute : this.minutes) {
						for (int second : this.seconds) {
							add(day.atTime(LocalTime.of(hour, minute, second)), zone, instants);
						}
					}
				}
			}
			instants.removeIf((instant) -> instant.isBefore(from) || !instant.isBefore(to));
			return instants;
		}

		private void add(LocalDateTime local, ZoneId zone, Set<Instant> instants) {
			if (!match(local)) {
				return;
			}
			List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
			if (offsets.isEmpty()) {
				instants.add(zone.getRules().getTransition(local).getInstant());
			}
			else if (everyHour()) {
				offsets.forEach((offset) -> instants.add(local.toInstant(offset)));
			}
			else {
				instants.add(local.toInstant(offsets.get(0)));
			}
		}

		@Override
		public String toString() {
			return "%s %s %s * * %s".formatted(list(this.seconds), list(this.minutes), this.hour,
					list(this.daysOfWeek));
		}

	}

}
