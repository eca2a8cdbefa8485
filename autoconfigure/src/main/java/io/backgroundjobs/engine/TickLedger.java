package io.backgroundjobs.engine;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

import io.backgroundjobs.TickResult;

/**
 * How many ticks of one periodic job ended in which result. An array, because there is
 * one for each of what may be a hundred thousand jobs; its order does not outlive the
 * process.
 */
@SuppressWarnings("EnumOrdinal")
final class TickLedger {

	private static final TickResult[] RESULTS = TickResult.values();

	private final AtomicLongArray counts = new AtomicLongArray(RESULTS.length);

	private final String name;

	private final Turns turns;

	TickLedger(String name, Turns turns) {
		this.name = name;
		this.turns = turns;
	}

	void add(TickResult result, long count) {
		if (count > 0) {
			this.counts.addAndGet(result.ordinal(), count);
			this.turns.ticked(this.name, result, count);
		}
	}

	Map<TickResult, Long> counts() {
		Map<TickResult, Long> copy = new EnumMap<>(TickResult.class);
		for (TickResult result : RESULTS) {
			copy.put(result, this.counts.get(result.ordinal()));
		}
		return Collections.unmodifiableMap(copy);
	}

}
