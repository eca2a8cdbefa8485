package io.backgroundjobs.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.Shielded;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

/**
 * The jobs that the annotations of beans declare.
 */
final class AnnotatedJobs {

	private static final List<Class<? extends Annotation>> TYPES = List.of(PeriodicJob.class, BackgroundJob.class,
			Shielded.class);

	private final JobCatalog catalog;

	private final PeriodicJobRegistration periodicJobs;

	private final AdvisedMethodCheck advisedMethods;

	private final DurableMethodRegistration durableMethods;

	AnnotatedJobs(ConfigurableListableBeanFactory beanFactory, JobEngine engine, Function<String, JobStore> store,
			JobCatalog catalog) {
		this.catalog = catalog;
		this.periodicJobs = new PeriodicJobRegistration(beanFactory, engine, catalog);
		this.advisedMethods = new AdvisedMethodCheck(beanFactory, engine);
		this.durableMethods = new DurableMethodRegistration(store);
	}

	/**
	 * Register the periodic and the durable jobs of a bean, and check its other jobs.
	 * @param bean the bean
	 * @param handles takes those of the periodic jobs
	 */
	void register(JobBean bean, List<PeriodicJobHandle> handles) {
		handles.addAll(this.periodicJobs.registerBean(bean));
		Map<Method, MergedAnnotations> methods = bean.methods();
		methods.forEach((method, annotations) -> {
			JobPlace place = JobPlace.method(requireOne(bean, method, annotations), method, bean.name());
			if (!isNamed(annotations, place.annotation()) && isOverloaded(method, methods.keySet())) {
				throw place.failure("is on one of several methods of this name, and has no name",
						"Give each of them a name of its own: name = \"...\".");
			}
			if (place.annotation() == PeriodicJob.class) {
				handles.addAll(this.periodicJobs.registerMethod(bean, method, JobAnnotations.periodic(annotations)));
			}
			else if (place.annotation() == BackgroundJob.class) {
				registerBackgroundJob(bean, method, place);
			}
			else {
				this.catalog.add(this.advisedMethods.checkShielded(bean, method, place).options().name(),
						place.toString());
			}
		});
	}

	private void registerBackgroundJob(JobBean bean, Method method, JobPlace place) {
		BackgroundJobOperation operation = this.advisedMethods.checkBackgroundJob(bean, method, place);
		this.catalog.add(operation.options().name(), place.toString());
		if (operation.isDurable()) {
			this.durableMethods.register(bean, method, operation);
		}
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

}
