package io.backgroundjobs.engine;

/**
 * How a run comes into its pool.
 */
enum Entry {

	/** Due now; needs a free place or room in the queue. */
	NOW(false, false),

	/** Due later; counts against the pending limit until then. */
	DELAYED(true, false),

	/** Due when somebody says so; its room is kept. */
	RESERVED(true, false),

	/** Due now, and needs no room: a tick's run. */
	TICK(false, true),

	/** Due when an earlier run has left, and needs no room: a tick's run. */
	BEHIND(true, true),

	/** Due when an earlier run has left; its room is kept. */
	BEHIND_WITH_ROOM(true, false);

	private final boolean parked;

	private final boolean exempt;

	Entry(boolean parked, boolean exempt) {
		this.parked = parked;
		this.exempt = exempt;
	}

	boolean parked() {
		return this.parked;
	}

	boolean exempt() {
		return this.exempt;
	}

	/**
	 * Whether it waits for another run, and not for a time.
	 */
	boolean behind() {
		return this == BEHIND || this == BEHIND_WITH_ROOM;
	}

}
