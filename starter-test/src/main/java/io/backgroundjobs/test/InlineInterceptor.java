package io.backgroundjobs.test;

import java.util.Optional;
import java.util.Set;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;

/**
 * Lets each call of a scheduler that hands over a job wait until that job has nothing to
 * do but to wait for time or a commit. Thread-safe.
 */
final class InlineInterceptor implements MethodInterceptor {

	private static final Set<String> HANDING_OVER = Set.of("spawn", "spawnAsync", "trySpawn", "run", "shield");

	private final BackgroundJobScheduler scheduler;

	private final InlineJobs inlineJobs;

	private final IdleWait idleWait;

	InlineInterceptor(BackgroundJobScheduler scheduler, InlineJobs inlineJobs, IdleWait idleWait) {
		this.scheduler = scheduler;
		this.inlineJobs = inlineJobs;
		this.idleWait = idleWait;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		String method = invocation.getMethod().getName();
		if (!HANDING_OVER.contains(method)) {
			return invocation.proceed();
		}
		String pool = knownPool(invocation.getArguments());
		RejectionReason rejection = this.inlineJobs.takeRejection();
		if (rejection != null) {
			return reject(method, rejection, pool);
		}
		Object result = invocation.proceed();
		if (result instanceof Job<?> job) {
			await(job);
		}
		else if (result instanceof Optional<?> optional && optional.orElse(null) instanceof Job<?> job) {
			await(job);
		}
		return result;
	}

	private static Object reject(String method, RejectionReason reason, String pool) {
		if (method.equals("trySpawn")) {
			return Optional.empty();
		}
		throw new JobRejectedException(reason, pool, "The test rejects this job with the reason '" + reason + "'");
	}

	/**
	 * Replace a pool that does not exist here.
	 * @param arguments the arguments of the call, to be changed
	 * @return the name of the pool that the job goes to
	 */
	private String knownPool(@Nullable Object[] arguments) {
		for (int i = 0; i < arguments.length; i++) {
			if (arguments[i] instanceof JobOptions options && options.pool() != null) {
				String pool = options.pool();
				if (isKnown(pool)) {
					return pool;
				}
				arguments[i] = options.pool(PoolSpec.DEFAULT_NAME);
			}
		}
		return PoolSpec.DEFAULT_NAME;
	}

	private boolean isKnown(String pool) {
		return this.scheduler.pools().stream().map(PoolSnapshot::name).anyMatch(pool::equals);
	}

	// Not by Job.await(): that would take the failure from the exception handlers
	private void await(Job<?> job) {
		boolean itself = JobContext.find().filter((context) -> context.id().equals(job.id())).isPresent();
		if (!itself) {
			this.idleWait.await(() -> JobTester.hasSettled(job));
		}
	}

}
