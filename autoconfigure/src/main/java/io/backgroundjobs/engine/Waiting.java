package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobCancelledException;
import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.JobFailedException;

/**
 * Waiting for a run to end.
 *
 * <p>
 * Who ends a run publishes the phase, and then closes the list of its waiters in one
 * step. A thread that is in the list at that instant takes the failure; one that finds
 * the list closed comes later, and finds the phase.
 */
final class Waiting {

	private static final long LONGEST = Long.MAX_VALUE / 4;

	private Waiting() {
	}

	static <T extends @Nullable Object> T await(JobRun<T> run) throws InterruptedException {
		if (mayReturn(run)) {
			return result(run);
		}
		try (Lending lending = Lending.begin()) {
			Waiter waiter = new Waiter();
			if (link(run, waiter)) {
				awaitRelease(run, waiter);
			}
		}
		return result(run);
	}

	static <T extends @Nullable Object> T await(JobRun<T> run, Duration timeout)
			throws InterruptedException, TimeoutException {
		if (mayReturn(run)) {
			return result(run);
		}
		boolean ended = true;
		try (Lending lending = Lending.begin()) {
			Waiter waiter = new Waiter();
			if (link(run, waiter)) {
				EngineClock clock = run.engine().clock();
				EngineClock.Timer timer = clock.schedule(waiter::timeout, nanos(timeout));
				try {
					ended = awaitRelease(run, waiter, clock, clock.nanoTime() + nanos(timeout));
				}
				finally {
					timer.cancel();
				}
			}
		}
		if (!ended) {
			throw new TimeoutException(
					"Job '" + run.name() + "' (" + run.id() + ") has not ended within " + timeout + "; it goes on");
		}
		return result(run);
	}

	/**
	 * Wait for a run with a waiter that was linked before it was admitted.
	 */
	static <T extends @Nullable Object> T await(JobRun<T> run, Waiter waiter) throws InterruptedException {
		if (waiter.run != run) {
			// A duplicate: the run that we prepared was not the one that counts.
			return await(run);
		}
		awaitRelease(run, waiter);
		return result(run);
	}

	/**
	 * Wait for a run that the calling thread has carried out, whatever interrupts it: the
	 * outcome is about to be set.
	 */
	static void awaitEnd(JobRun<?> run) {
		boolean interrupted = false;
		while (!Phase.isEnded(run.phase())) {
			Waiter waiter = new Waiter();
			try {
				if (link(run, waiter)) {
					awaitRelease(run, waiter);
				}
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	@SuppressWarnings("unchecked")
	static <T extends @Nullable Object> CompletableFuture<T> future(JobRun<T> run) {
		CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
		if (!link(run, new Waiter(future))) {
			complete(run, future);
		}
		return (CompletableFuture<T>) (CompletableFuture<?>) future;
	}

	/**
	 * Release all who wait for a run that has ended.
	 * @return the futures that are left to complete, which runs code of the user
	 */
	static Released release(JobRun<?> run) {
		Waiter waiter = run.closeWaiters();
		if (waiter == null) {
			return Released.NOBODY;
		}
		boolean taken = false;
		List<CompletableFuture<@Nullable Object>> futures = new ArrayList<>();
		for (; waiter != null; waiter = waiter.next) {
			taken |= waiter.release();
			if (waiter.future != null) {
				futures.add(waiter.future);
			}
		}
		return new Released(taken, futures);
	}

	static void complete(JobRun<?> run, CompletableFuture<@Nullable Object> future) {
		switch (run.phase()) {
			case Phase.SUCCEEDED -> future.complete(run.result());
			case Phase.CANCELLED -> future.completeExceptionally(cancelled(run));
			default -> future.completeExceptionally((Throwable) run.result());
		}
	}

	private static boolean awaitRelease(JobRun<?> run, Waiter waiter) throws InterruptedException {
		return awaitRelease(run, waiter, null, 0);
	}

	private static boolean awaitRelease(JobRun<?> run, Waiter waiter, @Nullable EngineClock clock, long deadline)
			throws InterruptedException {
		boolean released = false;
		try {
			released = waiter.await(clock, deadline);
			return released;
		}
		finally {
			if (!released) {
				unlink(run, waiter);
			}
		}
	}

	/**
	 * Add somebody to those who wait for a run.
	 * @return whether the waiter will be released; {@code false} if the run has ended
	 */
	static boolean link(JobRun<?> run, Waiter waiter) {
		Waiter first;
		do {
			first = run.waiters();
			if (first == Waiter.CLOSED) {
				return false;
			}
			waiter.run = run;
			waiter.next = first;
		}
		while (!run.moveWaiters(first, waiter));
		return true;
	}

	/**
	 * Add the threads that wait for a run to a set.
	 */
	static void addThreads(JobRun<?> run, Set<Thread> threads) {
		synchronized (run) {
			for (Waiter waiter = run.waiters(); waiter != null && waiter != Waiter.CLOSED; waiter = waiter.next) {
				if (waiter.thread != null) {
					threads.add(waiter.thread);
				}
			}
		}
	}

	private static void unlink(JobRun<?> run, Waiter waiter) {
		synchronized (run) {
			Waiter each = run.waiters();
			if (each == waiter && run.moveWaiters(waiter, waiter.next)) {
				return;
			}
			for (each = run.waiters(); each != null; each = each.next) {
				if (each.next == waiter) {
					each.next = waiter.next;
					return;
				}
			}
		}
	}

	/**
	 * Return the result of a run that has ended, or throw its failure.
	 */
	@SuppressWarnings({ "unchecked", "NullAway" }) // T says whether the result may be
													// null
	static <T extends @Nullable Object> T result(JobRun<T> run) {
		return switch (run.phase()) {
			case Phase.SUCCEEDED -> (T) run.result();
			case Phase.CANCELLED -> throw cancelled(run);
			default -> throw new JobFailedException("Job '" + run.name() + "' (" + run.id() + ") failed",
					(Throwable) run.result());
		};
	}

	private static JobCancelledException cancelled(JobRun<?> run) {
		return new JobCancelledException(
				"Job '" + run.name() + "' (" + run.id() + ") was cancelled: " + run.cancelReason());
	}

	/**
	 * Return whether the wait is over before it begins. A thread that must not block is
	 * refused in any case, and not only when the job happens to take its time.
	 */
	private static boolean mayReturn(JobRun<?> run) {
		NonBlockingThreads.requireMayBlock();
		if (Phase.isEnded(run.phase())) {
			return true;
		}
		if (JobContextHolder.getContext() instanceof JobRun<?> inner && inner.andOuter().contains(run)) {
			throw new IllegalStateException(
					"Job '" + run.name() + "' (" + run.id() + ") waits for itself, and would wait forever");
		}
		return false;
	}

	/**
	 * Return a duration in nanoseconds, or as many as can still be added to a time.
	 */
	static long nanos(Duration duration) {
		try {
			return Math.max(-LONGEST, Math.min(LONGEST, duration.toNanos()));
		}
		catch (ArithmeticException ex) {
			return duration.isNegative() ? -LONGEST : LONGEST;
		}
	}

	/**
	 * Who was released.
	 *
	 * @param taken whether a thread was waiting
	 * @param futures the futures that are left to complete
	 */
	record Released(boolean taken, List<CompletableFuture<@Nullable Object>> futures) {

		static final Released NOBODY = new Released(false, List.of());

	}

}
