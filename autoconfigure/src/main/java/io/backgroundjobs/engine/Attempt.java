package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobCancelledException;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.JobContextPropagator.Scope;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobTimeoutException;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.engine.Ending.Body;

/**
 * One attempt of a run: enters the body, and decides what follows when it has left.
 */
final class Attempt {

	private Attempt() {
	}

	/**
	 * Carry out a run on the calling thread, which is not of its pool. Never throws.
	 */
	static void carryOut(JobRun<?> run) {
		JobContext outer = JobContextHolder.getContext();
		try {
			outer(run, (outer instanceof JobRun<?> outerRun) ? outerRun : null);
			carryOut(run, null, run.engine().clock().nanoTime());
		}
		finally {
			JobContextHolder.setContext(outer);
		}
	}

	/**
	 * Carry out a run on its pool's own thread, which clears the context before it rests.
	 * Never throws.
	 * @param before the run that this one follows at once on this thread: it begins when
	 * that one has ended, so that the clock is not read again
	 * @return the run that follows this one at once, if one does
	 */
	static @Nullable JobRun<?> carryOut(JobRun<?> run, Worker worker, @Nullable JobRun<?> before) {
		outer(run, null);
		return carryOut(run, worker, (before != null) ? before.endedNanos() : run.engine().clock().nanoTime());
	}

	private static @Nullable JobRun<?> carryOut(JobRun<?> run, @Nullable Worker worker, long now) {
		Object body = run.body();
		long waited = run.enter(now);
		if (body == null || waited < 0) {
			bodyGone(run);
			return null;
		}
		JobContextHolder.setContext(run);
		Scope scope = null;
		Object value = null;
		Throwable failure = null;
		AsyncResult async = null;
		try {
			scope = run.engine().contexts().enter(run);
			begin(run, waited);
			value = call(run, body);
			async = AsyncResult.of(value, body instanceof StageBody);
		}
		catch (Throwable ex) {
			failure = ex;
		}
		try {
			if (async == null) {
				return finish(run, value, failure, worker, scope);
			}
			detach(run, async);
			return null;
		}
		finally {
			if (worker == null || !worker.hasClosedScope()) {
				run.engine().contexts().close(scope);
			}
			run.forgetRunner(Thread.currentThread());
		}
	}

	/**
	 * The body has left: end the run, or let it wait for its next attempt.
	 * @param worker the calling thread, if it is one of the pool's own
	 * @param scope the context around the body, if there is one on this thread
	 * @return the run that the worker goes on with, if it has taken one
	 */
	private static @Nullable JobRun<?> finish(JobRun<?> run, @Nullable Object value, @Nullable Throwable failure,
			@Nullable Worker worker, @Nullable Scope scope) {
		Ending.disarm(run);
		if (failure != null && isOfShutdown(run, failure) && run.move(Phase.RUNNING, Phase.SETTLING)) {
			Ending.settle(run, Phase.CANCELLED, Drain.REASON, Body.GONE, Teller.HERE);
		}
		else if (failure != null && Retrying.mayFollow(run)) {
			// The right to ask the policy first, so that one attempt is asked about once.
			boolean decides = run.move(Phase.RUNNING, Phase.RETRYING);
			bodyGone(run);
			if (decides) {
				Retrying.decide(run, failure, Phase.FAILED);
			}
		}
		else if (run.move(Phase.RUNNING, Phase.SETTLING)) {
			int phase = (failure != null) ? Phase.FAILED : Phase.SUCCEEDED;
			return Ending.settle(run, phase, (failure != null) ? failure : value, Body.GONE, Teller.HERE, worker,
					scope);
		}
		else {
			bodyGone(run);
		}
		return null;
	}

	/**
	 * Whether a body failed only because the shutdown did something to another job: it
	 * dropped one that the body waited for, or did not accept one.
	 */
	private static boolean isOfShutdown(JobRun<?> run, Throwable failure) {
		boolean other = failure instanceof JobCancelledException || (failure instanceof JobRejectedException rejected
				&& rejected.reason() == RejectionReason.SHUTTING_DOWN);
		return other && run.engine().stopping().isStopping();
	}

	/**
	 * The body has left a run that somebody else has ended, or whose attempt has.
	 */
	static void bodyGone(JobRun<?> run) {
		long retryDelay;
		boolean retrying;
		boolean recorded;
		synchronized (run) {
			letThreadGo(run);
			Extras extras = run.extras();
			extras.bodyGone = true;
			retryDelay = extras.retryDelay;
			retrying = run.phase() == Phase.RETRYING;
			recorded = extras.recorded;
		}
		// What is not decided or not recorded yet is gone on with by whoever does that.
		if (retrying && retryDelay != Extras.UNDECIDED) {
			Retrying.waitForNext(run, retryDelay);
		}
		else if (recorded) {
			leave(run, Teller.HERE);
		}
	}

	/**
	 * The thread is no more inside the body. Called with the run's monitor held, as by
	 * whoever interrupts: from here on no interrupt comes, and one that came goes.
	 */
	static void letThreadGo(JobRun<?> run) {
		Extras extras = run.extras();
		if (extras.interrupted && run.runner() == Thread.currentThread()) {
			Thread.interrupted();
		}
		extras.interrupted = false;
		extras.async = null;
		run.runner(null);
	}

	/**
	 * Give back what an ended run held, once.
	 */
	static void leave(JobRun<?> run, Teller teller) {
		if (teller == Teller.COURIER) {
			// The body has left before the clock's thread came to it: a listener is told,
			// and the trigger of a periodic job asked.
			run.engine().couriers().send(() -> leave(run, Teller.HERE));
			return;
		}
		// Before others may drop it, who come once it has left.
		RunOwner owner = run.owner();
		synchronized (run) {
			Extras extras = run.extras();
			if (extras.left) {
				return;
			}
			extras.left = true;
			if (extras.overrunTimer != null) {
				extras.overrunTimer.cancel();
			}
		}
		if (owner != null) {
			owner.left(run);
		}
		run.venue().leave(run);
		run.dropExtras(true);
		if (run.attemptsStarted() > 0) {
			teller.tell(run.engine().couriers(), () -> run.engine().turns().overrunLeft(run));
		}
		run.engine().stopping().left();
	}

	/**
	 * Remember on whose thread this attempt runs; the attempt before may have run on
	 * another one.
	 */
	private static void outer(JobRun<?> run, @Nullable JobRun<?> outer) {
		Extras extras = run.extrasIfAny();
		if (outer != null || (extras != null && extras.outer != null)) {
			run.extras().outer = outer;
		}
	}

	private static void begin(JobRun<?> run, long waited) {
		JobOptions options = run.options();
		long timeout = timeout(run, options);
		Retries retries = (options != null && options.retry() != null) ? Retrying.begin(run, options.retry()) : null;
		if (retries != null) {
			timeout = retries.bound(timeout, run.engine().clock().nanoTime());
		}
		if (timeout > 0) {
			int attempt = run.attemptsStarted();
			Duration limit = Duration.ofNanos(timeout);
			Retrying.arm(run, () -> timeout(run, attempt, limit), timeout);
		}
		RunOwner owner = run.owner();
		if (owner != null && run.attemptsStarted() == 1) {
			owner.starting(run);
		}
		run.engine().turns().started(run, waited);
		run.engine().diagnosis().waited(run, waited);
	}

	private static long timeout(JobRun<?> run, @Nullable JobOptions options) {
		Duration timeout = (options != null && options.timeout() != null) ? options.timeout() : run.venue().timeout();
		return (timeout != null) ? Waiting.nanos(timeout) : 0;
	}

	private static void timeout(JobRun<?> run, int attempt, Duration limit) {
		AsyncResult async;
		boolean retries;
		synchronized (run) {
			if (run.attemptsStarted() != attempt || run.phase() != Phase.RUNNING) {
				return;
			}
			if (ShieldedRegion.contains(run)) {
				ShieldedRegion.defer(run, () -> timeout(run, attempt, limit));
				return;
			}
			retries = run.extras().retries != null;
			if (!run.move(Phase.RUNNING, retries ? Phase.RETRYING : Phase.SETTLING)) {
				return;
			}
			async = Ending.interrupt(run);
		}
		Couriers couriers = run.engine().couriers();
		if (async != null) {
			couriers.send(() -> Ending.cancel(async));
		}
		JobTimeoutException failure = new JobTimeoutException("Attempt " + run.attempts() + " of job '" + run.name()
				+ "' (" + run.id() + ") ran longer than " + limit, limit);
		if (retries) {
			Object captured = run.captured;
			Ending.overrun(run);
			couriers.send(() -> Ending.inContext(run, captured, () -> Retrying.decide(run, failure, Phase.TIMED_OUT)));
		}
		else {
			Ending.settle(run, Phase.TIMED_OUT, failure, Body.INSIDE, Teller.COURIER);
		}
	}

	private static @Nullable Object call(JobRun<?> run, Object body) throws Exception {
		Object value;
		if (body instanceof Runnable runnable) {
			runnable.run();
			return null;
		}
		else if (body instanceof Callable<?> callable) {
			value = callable.call();
		}
		else if (body instanceof StageBody stageBody) {
			return stageBody.start(run);
		}
		else {
			value = ((JobBody<?>) body).run(run);
		}
		if (value instanceof Future<?> future && !AsyncResult.isStage(value)) {
			awaitFuture(future);
		}
		return value;
	}

	private static void awaitFuture(Future<?> future) throws Exception {
		try {
			future.get();
		}
		catch (InterruptedException ex) {
			future.cancel(true);
			throw ex;
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
	}

	/**
	 * Let the thread go, and keep the place until the result is there.
	 */
	private static void detach(JobRun<?> run, AsyncResult async) {
		boolean over;
		synchronized (run) {
			letThreadGo(run);
			run.extras().async = async;
			over = run.phase() != Phase.RUNNING;
		}
		Object captured = run.captured;
		AtomicBoolean completed = new AtomicBoolean();
		BiConsumer<@Nullable Object, @Nullable Throwable> completion = (value, failure) -> {
			if (completed.compareAndSet(false, true)) {
				complete(run, captured, value, failure);
			}
		};
		try {
			async.subscribe(completion);
		}
		catch (Throwable ex) {
			completion.accept(null, ex);
		}
		if (over) {
			Ending.cancel(async);
		}
	}

	private static void complete(JobRun<?> run, @Nullable Object captured, @Nullable Object value,
			@Nullable Throwable failure) {
		if (JobContextHolder.getContext() == run) {
			finish(run, value, failure, null, null);
		}
		else {
			run.engine()
				.couriers()
				.doHere(() -> Ending.inContext(run, captured, () -> finish(run, value, failure, null, null)));
		}
	}

}
