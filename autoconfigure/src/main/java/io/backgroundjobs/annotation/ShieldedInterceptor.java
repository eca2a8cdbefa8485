package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringValueResolver;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.engine.JobEngine;

/**
 * Runs calls as shielded jobs that hold no place. One for each bean, since the job's
 * default name holds that of the bean.
 */
final class ShieldedInterceptor implements MethodInterceptor {

	private final String beanName;

	private final StringValueResolver resolver;

	private final Supplier<JobEngine> engine;

	private final Map<Method, ShieldedOperation> operations = new ConcurrentHashMap<>();

	ShieldedInterceptor(String beanName, StringValueResolver resolver, Supplier<JobEngine> engine) {
		this.beanName = beanName;
		this.resolver = resolver;
		this.engine = engine;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Exception {
		BeanCall call = BeanCall.of(invocation);
		ShieldedOperation operation = this.operations.computeIfAbsent(call.method(),
				(method) -> ShieldedOperation.read(method, this.beanName, this.resolver));
		JobOptions options = operation.options();
		JobEngine engine = this.engine.get();
		return switch (operation.completion()) {
			case RETURN -> engine.runHere(options, call::proceed);
			case STAGE -> engine.startHere(options, (context) -> stage(call, context)).toFuture();
			case PUBLISHER -> ShieldedPublisher.of(engine, options, call);
		};
	}

	// The method's own stage and no dependent one, so that the shutdown's last bound
	// reaches it.
	@SuppressWarnings("unchecked")
	private static CompletionStage<@Nullable Object> stage(BeanCall call, JobContext context) throws Exception {
		CompletionStage<@Nullable Object> stage = (CompletionStage<@Nullable Object>) call.proceed(context);
		return (stage != null) ? stage : CompletableFuture.completedFuture(null);
	}

}
