package io.backgroundjobs.annotation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.Shielded;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

/**
 * Registers the {@link PeriodicJob @PeriodicJob} beans of a context, and checks its
 * {@link BackgroundJob @BackgroundJob} and {@link Shielded @Shielded} methods, once all
 * singletons are instantiated. Beans are judged by their types; only those that carry a
 * periodic job are created if they are lazy. Beans of a parent context are left to it.
 * When the bean factory is closed the periodic jobs are removed, so that a child context
 * leaves nothing behind in its parent's scheduler.
 *
 * @since 1.0.0
 */
public final class AnnotatedJobRegistrar implements SmartInitializingSingleton, DisposableBean {

	private final ConfigurableListableBeanFactory beanFactory;

	private final JobEngine engine;

	private final Function<String, JobStore> store;

	private final JobCatalog catalog;

	private final List<PeriodicJobHandle> handles = new ArrayList<>();

	/**
	 * Create the registrar.
	 * @param beanFactory the beans to look at; its conversion service converts the
	 * arguments of periodic jobs
	 * @param engine where the jobs run
	 * @param store returns where durable jobs are kept; takes the place that asks for it,
	 * and throws a {@link io.backgroundjobs.JobConfigurationException} that names it if
	 * there is no such thing. Called only if there is a durable method
	 * @param catalog takes the names of the jobs
	 */
	public AnnotatedJobRegistrar(ConfigurableListableBeanFactory beanFactory, JobEngine engine,
			Function<String, JobStore> store, JobCatalog catalog) {
		this.beanFactory = beanFactory;
		this.engine = engine;
		this.store = store;
		this.catalog = catalog;
	}

	/**
	 * Whether a bean carries a periodic job, as far as its definition and its type tell;
	 * such a bean must not be lazy.
	 * @param definition the definition of the bean
	 * @param type the type of the bean, as far as it is known
	 * @return whether there is a {@link PeriodicJob @PeriodicJob} on its factory method,
	 * its class or one of its methods
	 */
	public static boolean isPeriodicJob(BeanDefinition definition, Class<?> type) {
		return !JobAnnotations.onFactoryMethod(definition).isEmpty() || !JobAnnotations.onType(type).isEmpty()
				|| (JobAnnotations.areOnMethods(type) && JobAnnotations.onMethods(type)
					.values()
					.stream()
					.anyMatch((annotations) -> annotations.isPresent(PeriodicJob.class)));
	}

	@Override
	public void afterSingletonsInstantiated() {
		// What is only needed for jobs is not even loaded where there are none.
		AnnotatedJobs jobs = null;
		for (String name : beanNames()) {
			JobBean bean = JobBean.find(this.beanFactory, name);
			if (bean != null && bean.hasAnnotations()) {
				jobs = (jobs != null) ? jobs
						: new AnnotatedJobs(this.beanFactory, this.engine, this.store, this.catalog);
				jobs.register(bean, this.handles);
			}
		}
	}

	@Override
	public void destroy() {
		this.handles.forEach(PeriodicJobHandle::remove);
		this.handles.clear();
	}

	private Set<String> beanNames() {
		// Those of the second kind were registered by hand, and have no definition.
		Set<String> names = new LinkedHashSet<>(Arrays.asList(this.beanFactory.getBeanDefinitionNames()));
		names.addAll(Arrays.asList(this.beanFactory.getSingletonNames()));
		Set<String> result = new LinkedHashSet<>();
		for (String name : names) {
			result.add(name);
			if (this.beanFactory.isFactoryBean(name)) {
				result.add(BeanFactory.FACTORY_BEAN_PREFIX + name);
			}
		}
		return result;
	}

}
