package io.backgroundjobs.annotation;

import java.io.Serial;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.StringValueResolver;
import org.springframework.util.function.SingletonSupplier;

import io.backgroundjobs.Shielded;
import io.backgroundjobs.engine.JobEngine;

/**
 * Runs {@link Shielded @Shielded} methods as shielded jobs.
 */
final class ShieldedPostProcessor extends JobAdvicePostProcessor {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient Supplier<JobEngine> engine;

	/**
	 * Create the post-processor.
	 * @param engine where the jobs run; asked at the first call of a method
	 */
	ShieldedPostProcessor(ObjectProvider<JobEngine> engine) {
		super(Shielded.class);
		this.engine = SingletonSupplier.of(engine::getObject);
	}

	@Override
	MethodInterceptor interceptor(String beanName, StringValueResolver resolver) {
		return new ShieldedInterceptor(beanName, resolver, this.engine);
	}

}
