package io.backgroundjobs.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the order of slots against a map that is searched for its least value.
 */
class SlotHeapTests {

	private static final Logger logger = LoggerFactory.getLogger(SlotHeapTests.class);

	private final SlotHeap heap = new SlotHeap();

	@Test
	void slotsComeInTheOrderOfTheirTimes() {
		long[] dues = { 5, 3, 9, 3, 1 };
		for (int slot = 0; slot < dues.length; slot++) {
			this.heap.set(slot, dues[slot]);
		}
		assertThat(poll()).isEqualTo(1);
		assertThat(poll()).isEqualTo(3);
		assertThat(poll()).isEqualTo(3);
		assertThat(poll()).isEqualTo(5);
		assertThat(poll()).isEqualTo(9);
		assertThat(this.heap.isEmpty()).isTrue();
	}

	@Test
	void timesMayPassTheLargestNumber() {
		this.heap.set(0, Long.MIN_VALUE + 5);
		this.heap.set(1, Long.MAX_VALUE - 5);
		assertThat(this.heap.first()).isOne();
	}

	@Test
	void slotThatIsNotInItMayBeRemoved() {
		this.heap.remove(1000);
		this.heap.set(3, 1);
		this.heap.remove(3);
		this.heap.remove(3);
		assertThat(this.heap.isEmpty()).isTrue();
	}

	@Test
	void firstIsTheLeastAfterAnyChanges() {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		logger.info("Seed {}", seed);
		Random random = new Random(seed);
		Map<Integer, Long> expected = new HashMap<>();
		for (int i = 0; i < 50_000; i++) {
			int what = random.nextInt(6);
			int slot = (what == 0 && !this.heap.isEmpty()) ? this.heap.first() : random.nextInt(200);
			if (what < 2) {
				this.heap.remove(slot);
				expected.remove(slot);
			}
			else {
				long due = random.nextInt(1000);
				this.heap.set(slot, due);
				expected.put(slot, due);
			}
			assertThat(this.heap.isEmpty()).as("seed %d", seed).isEqualTo(expected.isEmpty());
			if (!expected.isEmpty()) {
				int first = this.heap.first();
				long least = expected.values().stream().mapToLong(Long::longValue).min().orElseThrow();
				assertThat(this.heap.due(first)).as("seed %d", seed).isEqualTo(least).isEqualTo(expected.get(first));
			}
		}
	}

	private long poll() {
		int slot = this.heap.first();
		this.heap.remove(slot);
		return this.heap.due(slot);
	}

}
