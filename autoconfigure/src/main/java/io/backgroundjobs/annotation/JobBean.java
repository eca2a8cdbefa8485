package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;

import io.backgroundjobs.PeriodicJob;

/**
 * A bean that may carry jobs, seen through its type: it is created only if it does.
 *
 * @param beanFactory where the bean is
 * @param reference the name by which the bean is got
 * @param definedAs the name of the definition that says what the bean is: that of the
 * target, if the bean is a scoped proxy
 * @param type the user's class
 */
record JobBean(ConfigurableListableBeanFactory beanFactory, String reference, String definedAs, Class<?> type) {

	private static final Logger logger = LoggerFactory.getLogger(JobBean.class);

	/**
	 * Look at a bean.
	 * @param beanFactory where the bean is
	 * @param reference its name; with a leading ampersand for a factory bean itself
	 * @return the bean, or {@code null} if nothing is known about its type
	 */
	static @Nullable JobBean find(ConfigurableListableBeanFactory beanFactory, String reference) {
		String target = ScopedProxyUtils.getTargetBeanName(reference);
		String definedAs = beanFactory.containsBeanDefinition(target) ? target : reference;
		if (ScopedProxyUtils.isScopedTarget(reference) || isAbstract(beanFactory, reference)) {
			return null;
		}
		try {
			Class<?> type = type(beanFactory, definedAs);
			return (type != null) ? new JobBean(beanFactory, reference, definedAs, type) : null;
		}
		catch (BeansException | LinkageError ex) {
			// As EventListenerMethodProcessor does: a lazy bean whose class is not there.
			logger.debug("The type of bean '{}' is not known: no jobs are looked for", reference, ex);
			return null;
		}
	}

	/**
	 * Return the name that the bean has in messages and default names.
	 */
	String name() {
		return this.reference.startsWith(BeanFactory.FACTORY_BEAN_PREFIX) ? this.reference.substring(1)
				: this.reference;
	}

	boolean isSingleton() {
		return this.beanFactory.isSingleton(this.definedAs);
	}

	/**
	 * Whether calls reach the bean through a proxy of a scope.
	 */
	boolean isScopedProxy() {
		return !this.definedAs.equals(this.reference);
	}

	Object get() {
		return this.beanFactory.getBean(this.reference);
	}

	/**
	 * Return the bean if it is a singleton that exists. The product of a factory bean is
	 * not asked for.
	 */
	@Nullable Object existing() {
		Object singleton = this.beanFactory.getSingleton(name());
		boolean product = singleton instanceof FactoryBean && name().equals(this.reference);
		return !product ? singleton : null;
	}

	/**
	 * Whether there is anything to register or to check.
	 */
	boolean hasAnnotations() {
		return !factoryMethodJobs().isEmpty() || !JobAnnotations.onType(this.type).isEmpty() || !methods().isEmpty();
	}

	/**
	 * Return what the factory method says about the bean; it replaces what the bean's
	 * class says.
	 */
	List<PeriodicJob> factoryMethodJobs() {
		BeanDefinition definition = definition();
		return (definition != null) ? JobAnnotations.onFactoryMethod(definition) : List.of();
	}

	JobPlace factoryMethodPlace() {
		BeanDefinition definition = definition();
		return JobPlace.factoryMethod(PeriodicJob.class,
				(definition != null) ? JobAnnotations.factoryMethodName(definition) : "", name());
	}

	Map<Method, MergedAnnotations> methods() {
		try {
			return JobAnnotations.areOnMethods(this.type) ? JobAnnotations.onMethods(this.type) : Map.of();
		}
		catch (IllegalStateException | LinkageError | TypeNotPresentException ex) {
			// A type in a signature is not there: such a bean cannot be called anyway.
			logger.debug("The methods of bean '{}' cannot be read: no jobs are looked for", this.reference, ex);
			return Map.of();
		}
	}

	private @Nullable BeanDefinition definition() {
		boolean factoryBeanItself = this.reference.startsWith(BeanFactory.FACTORY_BEAN_PREFIX);
		return (!factoryBeanItself && this.beanFactory.containsBeanDefinition(this.definedAs))
				? this.beanFactory.getMergedBeanDefinition(this.definedAs) : null;
	}

	private static boolean isAbstract(ConfigurableListableBeanFactory beanFactory, String name) {
		return beanFactory.containsBeanDefinition(name) && beanFactory.getMergedBeanDefinition(name).isAbstract();
	}

	/**
	 * Return the class of the bean behind all proxies. A factory bean is not asked.
	 */
	private static @Nullable Class<?> type(ConfigurableListableBeanFactory beanFactory, String name) {
		Object singleton = beanFactory.getSingleton(name);
		if (singleton != null && !(singleton instanceof FactoryBean)) {
			return AopProxyUtils.ultimateTargetClass(singleton);
		}
		return beanFactory.getType(name, false);
	}

}
