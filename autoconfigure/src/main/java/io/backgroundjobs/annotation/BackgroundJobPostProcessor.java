package io.backgroundjobs.annotation;

import java.io.Serial;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.StringValueResolver;
import org.springframework.util.function.SingletonSupplier;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

/**
 * Lets calls of {@link BackgroundJob @BackgroundJob} methods spawn jobs.
 */
final class BackgroundJobPostProcessor extends JobAdvicePostProcessor {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient Supplier<JobEngine> engine;

	private final transient Supplier<JobStore> store;

	/**
	 * Create the post-processor.
	 * @param engine where the jobs run; asked at the first call of a method
	 * @param store where durable jobs are kept; asked at the first call of a durable
	 * method
	 */
	BackgroundJobPostProcessor(ObjectProvider<JobEngine> engine, ObjectProvider<JobStore> store) {
		super(BackgroundJob.class);
		this.engine = SingletonSupplier.of(engine::getObject);
		this.store = SingletonSupplier.of(store::getObject);
	}

	@Override
	MethodInterceptor interceptor(String beanName, StringValueResolver resolver) {
		return new BackgroundJobInterceptor(beanName, resolver, this.engine, this.store);
	}

}
