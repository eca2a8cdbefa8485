package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a change of a pool brings about and must wait until the pool's lock is free:
 * system calls, mostly, that wake or start threads.
 */
final class Followup {

	private final List<Runnable> actions = new ArrayList<>(2);

	/**
	 * Add an action.
	 * @return the follow-up, made if there was none
	 */
	static Followup add(@Nullable Followup followup, Runnable action) {
		Followup result = (followup != null) ? followup : new Followup();
		result.actions.add(action);
		return result;
	}

	static void run(@Nullable Followup followup) {
		if (followup != null) {
			followup.actions.forEach(Runnable::run);
		}
	}

}
