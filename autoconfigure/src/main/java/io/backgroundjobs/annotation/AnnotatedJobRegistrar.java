package io.backgroundjobs.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.Shielded;
import io.backgroundjobs.engine.JobEngine;

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

	private static final List<Class<? extends Annotation>> TYPES = List.of(PeriodicJob.class, BackgroundJob.class,
			Shielded.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final JobCatalog catalog;

	private final PeriodicJobRegistration periodicJobs;

	private final AdvisedMethodCheck advisedMethods;

	private final List<PeriodicJobHandle> handles = new ArrayList<>();

	/**
	 * Create the registrar.
	 * @param beanFactory the beans to look at; its conversion service converts the
	 * arguments of periodic jobs
	 * @param engine where the jobs run
	 * @param catalog takes the names of the jobs
	 */
	public AnnotatedJobRegistrar(ConfigurableListableBeanFactory beanFactory, JobEngine engine, JobCatalog catalog) {
		this.beanFactory = beanFactory;
		this.catalog = catalog;
		this.periodicJobs = new PeriodicJobRegistration(beanFactory, engine, catalog);
		this.advisedMethods = new AdvisedMethodCheck(beanFactory, engine);
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
				|| (JobAnnotations.isCandidate(type) && JobAnnotations.onMethods(type)
					.values()
					.stream()
					.anyMatch((annotations) -> annotations.isPresent(PeriodicJob.class)));
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String name : beanNames()) {
			JobBean bean = JobBean.find(this.beanFactory, name);
			if (bean != null) {
				this.handles.addAll(this.periodicJobs.registerBean(bean));
				processMethods(bean, bean.methods());
			}
		}
	}

	@Override
	public void destroy() {
		this.handles.forEach(PeriodicJobHandle::remove);
		this.handles.clear();
	}

	private void processMethods(JobBean bean, Map<Method, MergedAnnotations> methods) {
		methods.forEach((method, annotations) -> {
			JobPlace place = JobPlace.method(requireOne(bean, method, annotations), method, bean.name());
			if (!isNamed(annotations, place.annotation()) && isOverloaded(method, methods.keySet())) {
				throw place.failure("is on one of several methods of this name, and has no name",
						"Give each of them a name of its own: name = \"...\".");
			}
			if (place.annotation() == PeriodicJob.class) {
				this.handles
					.addAll(this.periodicJobs.registerMethod(bean, method, JobAnnotations.periodic(annotations)));
			}
			else {
				this.catalog.add(this.advisedMethods.check(bean, method, place), place.toString());
			}
		});
	}

	private static boolean isNamed(MergedAnnotations annotations, Class<? extends Annotation> type) {
		if (type == PeriodicJob.class) {
			return JobAnnotations.periodic(annotations).stream().noneMatch((job) -> job.name().isEmpty());
		}
		return !annotations.get(type).getString("name").isEmpty();
	}

	private static boolean isOverloaded(Method method, Set<Method> annotated) {
		return annotated.stream()
			.anyMatch((other) -> !other.equals(method) && other.getName().equals(method.getName()));
	}

	private static Class<? extends Annotation> requireOne(JobBean bean, Method method, MergedAnnotations annotations) {
		List<Class<? extends Annotation>> present = TYPES.stream().filter(annotations::isPresent).toList();
		if (present.size() > 1) {
			throw JobPlace.method(present.get(0), method, bean.name())
				.failure("is not alone: the method also carries @" + present.get(1).getSimpleName(),
						(present.get(1) == Shielded.class)
								? "Keep the first, with 'shielded = true', and remove @Shielded."
								: "Keep one of the two, and move the work to a method that both may call.");
		}
		return present.get(0);
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
