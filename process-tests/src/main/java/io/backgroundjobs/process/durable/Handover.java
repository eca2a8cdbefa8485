package io.backgroundjobs.process.durable;

/**
 * In which transaction an errand is spawned.
 */
public enum Handover {

	/** In one that commits. */
	COMMITTED,

	/** In one that stays open for a while before it commits. */
	COMMITTED_LATE,

	/** In one that rolls back because of an exception. */
	ROLLED_BACK,

	/** In one that is told to roll back. */
	ROLLED_BACK_SILENTLY,

	/** In none. */
	PLAIN;

	/** After this number none is handed over. */
	public static final long LAST = 1_000_000_000;

	private static final int PERIOD = 16;

	/**
	 * Return how an errand is handed over.
	 * @param number its number
	 */
	public static Handover of(long number) {
		return switch ((int) (number % PERIOD)) {
			case 0 -> ROLLED_BACK;
			case 1 -> ROLLED_BACK_SILENTLY;
			case 2, 3 -> COMMITTED_LATE;
			case 4, 5 -> PLAIN;
			default -> COMMITTED;
		};
	}

	/**
	 * Whether such an errand must never run.
	 */
	public boolean rollsBack() {
		return this == ROLLED_BACK || this == ROLLED_BACK_SILENTLY;
	}

}
