package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Jitter}.
 */
class JitterTests {

	private static final long MINUTE = Duration.ofMinutes(1).toNanos();

	@Test
	void phaseIsTheSameInEveryJvm() {
		assertThat(Jitter.phase("maintenance.removeExpired", "node-1", MINUTE)).isEqualTo(34_569_021_086L);
		assertThat(Jitter.phase("nightly-report", "", Long.MAX_VALUE)).isEqualTo(2_278_971_025_593_658_338L);
	}

	@Test
	void phaseIsBelowTheBound() {
		for (long bound : new long[] { 1, 2, 3, 1000, MINUTE, Long.MAX_VALUE }) {
			for (int i = 0; i < 1000; i++) {
				assertThat(Jitter.phase("job" + i, "node", bound)).isBetween(0L, bound - 1);
			}
		}
	}

	@Test
	void withoutRoomThePhaseIsZero() {
		assertThat(Jitter.phase("job", "node", 0)).isZero();
		assertThat(Jitter.phase("job", "node", -1)).isZero();
	}

	@Test
	void nameAndInstanceAreKeptApart() {
		assertThat(Jitter.phase("ab", "c", MINUTE)).isNotEqualTo(Jitter.phase("a", "bc", MINUTE));
		assertThat(Jitter.phase("ab", "", MINUTE)).isNotEqualTo(Jitter.phase("", "ab", MINUTE));
	}

	@Test
	void namesAreSpreadEvenly() {
		int[] buckets = new int[100];
		for (int i = 0; i < 10_000; i++) {
			buckets[(int) (Jitter.phase("job-" + i, "node-1", MINUTE) * 100 / MINUTE)]++;
		}
		assertThat(chiSquare(buckets)).isLessThan(149); // 99 degrees of freedom, p = 0.1
														// %
	}

	@Test
	void instancesOfOneJobAreSpreadEvenly() {
		int[] buckets = new int[100];
		Set<Long> phases = new HashSet<>();
		for (int i = 0; i < 10_000; i++) {
			long phase = Jitter.phase("nightly-report", "node-" + i, MINUTE);
			phases.add(phase);
			buckets[(int) (phase * 100 / MINUTE)]++;
		}
		assertThat(chiSquare(buckets)).isLessThan(149);
		assertThat(phases).hasSizeGreaterThan(9_990);
	}

	private static double chiSquare(int[] buckets) {
		double expected = Arrays.stream(buckets).sum() / (double) buckets.length;
		return Arrays.stream(buckets).mapToDouble((count) -> (count - expected) * (count - expected) / expected).sum();
	}

}
