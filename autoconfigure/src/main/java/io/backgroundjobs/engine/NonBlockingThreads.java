package io.backgroundjobs.engine;

import org.springframework.util.ClassUtils;

/**
 * Knows the threads that must not block: Reactor's, where Reactor is there.
 */
final class NonBlockingThreads {

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.scheduler.NonBlocking",
			NonBlockingThreads.class.getClassLoader());

	private NonBlockingThreads() {
	}

	static boolean isCurrent() {
		return REACTOR && ReactiveThreads.isNonBlocking(Thread.currentThread());
	}

	static void requireMayBlock() {
		if (isCurrent()) {
			throw new IllegalStateException("Waiting for a job would block thread '" + Thread.currentThread().getName()
					+ "', which must not block. Use Job.toFuture() there");
		}
	}

}
