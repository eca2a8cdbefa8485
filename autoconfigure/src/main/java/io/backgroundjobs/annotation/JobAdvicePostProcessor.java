package io.backgroundjobs.annotation;

import java.io.Serial;
import java.lang.annotation.Annotation;
import java.util.List;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.util.Assert;
import org.springframework.util.StringValueResolver;

import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

/**
 * Puts advice around the annotated methods of beans, before all other advice, in the way
 * of Spring's {@code AsyncAnnotationBeanPostProcessor}. Each bean has an interceptor of
 * its own, which knows the bean's name.
 */
abstract class JobAdvicePostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient Pointcut pointcut;

	JobAdvicePostProcessor(Class<? extends Annotation> annotation) {
		this.pointcut = new AnnotationMatchingPointcut(null, annotation, true);
		setBeforeExistingAdvisors(true);
	}

	/**
	 * Create a post-processor for each of the annotations.
	 * @param engine where the jobs run
	 * @param store where durable jobs are kept
	 * @param proxyTargetClass whether beans are proxied by their class; {@code null} for
	 * as the context has it
	 * @param classLoader where proxies are defined; {@code null} for the default
	 * @param beanFactory where the beans are
	 * @return the post-processors, in their order
	 */
	static List<JobAdvicePostProcessor> create(ObjectProvider<JobEngine> engine, ObjectProvider<JobStore> store,
			@Nullable Boolean proxyTargetClass, @Nullable ClassLoader classLoader, BeanFactory beanFactory) {
		List<JobAdvicePostProcessor> created = List.of(new BackgroundJobPostProcessor(engine, store),
				new ShieldedPostProcessor(engine));
		for (JobAdvicePostProcessor each : created) {
			if (proxyTargetClass != null) {
				each.setProxyTargetClass(proxyTargetClass);
			}
			if (classLoader != null) {
				each.setBeanClassLoader(classLoader);
			}
			each.setBeanFactory(beanFactory);
		}
		return created;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		super.setBeanFactory(beanFactory);
		// Says which beans are advised; replaced in each of them.
		this.advisor = new DefaultPointcutAdvisor(this.pointcut, (MethodInterceptor) MethodInvocation::proceed);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Object proxy = super.postProcessAfterInitialization(bean, beanName);
		Advisor template = this.advisor;
		if (template != null && proxy instanceof Advised advised && advised.indexOf(template) >= 0) {
			String name = ScopedProxyUtils.isScopedTarget(beanName) ? ScopedProxyUtils.getOriginalBeanName(beanName)
					: beanName;
			advised.replaceAdvisor(template, new DefaultPointcutAdvisor(this.pointcut, interceptor(name, resolver())));
		}
		return proxy;
	}

	/**
	 * Create the advice of a bean. Must not create any other bean.
	 * @param beanName the name of the bean
	 * @param resolver resolves placeholders
	 * @return the advice
	 */
	abstract MethodInterceptor interceptor(String beanName, StringValueResolver resolver);

	private StringValueResolver resolver() {
		ConfigurableBeanFactory beanFactory = this.beanFactory;
		Assert.state(beanFactory != null, "The bean factory must be configurable");
		return new EmbeddedValueResolver(beanFactory);
	}

}
