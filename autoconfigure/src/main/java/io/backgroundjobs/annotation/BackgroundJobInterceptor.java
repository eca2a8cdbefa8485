package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringValueResolver;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.engine.JobEngine;

/**
 * Spawns a job in place of a call. One for each bean, since the job's default name holds
 * that of the bean.
 */
final class BackgroundJobInterceptor implements MethodInterceptor {

	private final String beanName;

	private final StringValueResolver resolver;

	private final Supplier<JobEngine> engine;

	private final Map<Method, BackgroundJobOperation> operations = new ConcurrentHashMap<>();

	BackgroundJobInterceptor(String beanName, StringValueResolver resolver, Supplier<JobEngine> engine) {
		this.beanName = beanName;
		this.resolver = resolver;
		this.engine = engine;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) {
		BeanCall call = BeanCall.of(invocation);
		BackgroundJobOperation operation = this.operations.computeIfAbsent(call.method(),
				(method) -> BackgroundJobOperation.read(method, this.beanName, this.resolver));
		JobOptions options = operation.options(invocation.getArguments());
		JobEngine engine = this.engine.get();
		return switch (operation.result()) {
			case NOTHING -> {
				engine.spawn(JobKind.ANNOTATED, options, call::proceed);
				yield null;
			}
			case JOB -> engine.spawn(JobKind.ANNOTATED, options, (context) -> await(call, context));
			case FUTURE -> engine.spawnAsync(JobKind.ANNOTATED, options, (context) -> stage(call, context)).toFuture();
		};
	}

	// Not through toFuture(): a job that waits in await() lends its place.
	private static @Nullable Object await(BeanCall call, JobContext context) throws Exception {
		Job<?> job = (Job<?>) call.proceed(context);
		if (job == null) {
			return null;
		}
		try {
			return job.await();
		}
		catch (JobFailedException ex) {
			throw causeOf(ex);
		}
	}

	// The method's own stage and no dependent one, so that cancelling the job reaches it.
	@SuppressWarnings("unchecked")
	private static CompletionStage<@Nullable Object> stage(BeanCall call, JobContext context) throws Exception {
		Object result = call.proceed(context);
		if (result instanceof CompletionStage<?> stage) {
			return (CompletionStage<@Nullable Object>) stage;
		}
		return CompletableFuture.completedFuture((result != null) ? get((Future<?>) result) : null);
	}

	private static @Nullable Object get(Future<?> future) throws Exception {
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			throw causeOf(ex);
		}
		catch (InterruptedException ex) {
			future.cancel(true);
			throw ex;
		}
	}

	private static Exception causeOf(Exception failure) {
		Throwable cause = failure.getCause();
		return (cause != null) ? MethodBody.asException(cause) : failure;
	}

}
