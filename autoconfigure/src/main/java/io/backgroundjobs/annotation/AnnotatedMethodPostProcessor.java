package io.backgroundjobs.annotation;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.Shielded;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

/**
 * Lets calls of {@link BackgroundJob @BackgroundJob} methods spawn jobs, and runs
 * {@link Shielded @Shielded} methods as shielded jobs. The advice is made when the first
 * bean with such a method comes along: most beans have none, and many applications too.
 * To be declared by a static method, as each post-processor.
 *
 * @since 1.0.0
 */
public final class AnnotatedMethodPostProcessor
		implements SmartInstantiationAwareBeanPostProcessor, BeanClassLoaderAware, BeanFactoryAware, Ordered {

	private static final List<Class<? extends Annotation>> TYPES = List.of(BackgroundJob.class, Shielded.class);

	private final ObjectProvider<JobEngine> engine;

	private final ObjectProvider<JobStore> store;

	private final Supplier<List<? extends SmartInstantiationAwareBeanPostProcessor>> advice = SingletonSupplier
		.of(this::createAdvice);

	/** Classes without an annotation of ours. */
	private final Set<Class<?>> others = ConcurrentHashMap.newKeySet(256);

	private @Nullable Boolean proxyTargetClass;

	private @Nullable ClassLoader classLoader;

	private @Nullable BeanFactory beanFactory;

	/**
	 * Create the post-processor.
	 * @param engine where the jobs run; asked at the first call of a method
	 * @param store where durable jobs are kept; asked at the first call of a durable
	 * method
	 */
	public AnnotatedMethodPostProcessor(ObjectProvider<JobEngine> engine, ObjectProvider<JobStore> store) {
		this.engine = engine;
		this.store = store;
	}

	/**
	 * Set how beans are proxied. By default as the context has it for all proxies.
	 * @param proxyTargetClass whether by their class, and not by their interfaces
	 */
	public void setProxyTargetClass(boolean proxyTargetClass) {
		this.proxyTargetClass = proxyTargetClass;
	}

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * As of Spring's own that create proxies.
	 */
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public Class<?> determineBeanType(Class<?> beanClass, String beanName) {
		Class<?> type = beanClass;
		if (isCandidate(beanClass)) {
			for (SmartInstantiationAwareBeanPostProcessor each : this.advice.get()) {
				type = each.determineBeanType(type, beanName);
			}
		}
		return type;
	}

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		@Nullable Object result = bean;
		// A proxy may have interfaces that its target does not have.
		if (isCandidate(bean.getClass()) || isCandidate(AopUtils.getTargetClass(bean))) {
			for (SmartInstantiationAwareBeanPostProcessor each : this.advice.get()) {
				result = (result != null) ? each.postProcessAfterInitialization(result, beanName) : null;
			}
		}
		return result;
	}

	private boolean isCandidate(Class<?> beanClass) {
		if (this.others.contains(beanClass)) {
			return false;
		}
		boolean candidate = JobAnnotations.areOnMethods(ClassUtils.getUserClass(beanClass), TYPES);
		if (!candidate) {
			this.others.add(beanClass);
		}
		return candidate;
	}

	private List<? extends SmartInstantiationAwareBeanPostProcessor> createAdvice() {
		Assert.state(this.beanFactory != null, "There is no bean factory");
		return JobAdvicePostProcessor.create(this.engine, this.store, this.proxyTargetClass, this.classLoader,
				this.beanFactory);
	}

}
