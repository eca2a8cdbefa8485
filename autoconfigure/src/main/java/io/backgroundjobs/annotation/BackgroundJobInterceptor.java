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
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

/**
 * Spawns a job in place of a call. One for each bean, since the job's default name holds
 * that of the bean.
 */
final class BackgroundJobInterceptor implements MethodInterceptor {

	private final String beanName;

	private final StringValueResolver resolver;

	private final Supplier<JobEngine> engine;

	private final Supplier<JobStore> store;

	private final Map<Method, BackgroundJobOperation> operations = new ConcurrentHashMap<>();

	BackgroundJobInterceptor(String beanName, StringValueResolver resolver, Supplier<JobEngine> engine,
			Supplier<JobStore> store) {
		this.beanName = beanName;
		this.resolver = resolver;
		this.engine = engine;
		this.store = store;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		BeanCall call = BeanCall.of(invocation);
		BackgroundJobOperation operation = this.operations.computeIfAbsent(call.method(),
				(method) -> BackgroundJobOperation.read(method, this.beanName, this.resolver));
		if (operation.isDurable() && StoredMethodBody.isCalling(operation.options().name())) {
			return invocation.proceed();
		}
		JobOptions options = operation.options(invocation.getArguments());
		return switch (operation.result()) {
			case NOTHING -> {
				spawn(options, call::proceed);
				yield null;
			}
			case JOB -> spawn(options, (context) -> await(call, context));
			case FUTURE ->
				this.engine.get().spawnAsync(JobKind.ANNOTATED, options, (context) -> stage(call, context)).toFuture();
			case STORED -> {
				this.store.get().spawn(options, JobContextParameters.without(call.method(), invocation.getArguments()));
				yield null;
			}
		};
	}

	private Job<?> spawn(JobOptions options, JobBody<@Nullable Object> body) {
		return this.engine.get().<@Nullable Object>spawn(JobKind.ANNOTATED, options, body);
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
