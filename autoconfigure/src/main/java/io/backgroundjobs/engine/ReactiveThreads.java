package io.backgroundjobs.engine;

import reactor.core.scheduler.NonBlocking;

/**
 * Tells Reactor's own threads. Loaded only where Reactor is there.
 */
final class ReactiveThreads {

	private ReactiveThreads() {
	}

	static boolean isNonBlocking(Thread thread) {
		return thread instanceof NonBlocking;
	}

}
