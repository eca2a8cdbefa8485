package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.support.DefaultConversionService;

import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.engine.JobEngine;

/**
 * Gives the {@link PeriodicJob @PeriodicJob}s of a bean to the engine.
 */
final class PeriodicJobRegistration {

	private final JobEngine engine;

	private final JobCatalog catalog;

	private final PeriodicJobReader reader;

	private final ConversionService conversion;

	PeriodicJobRegistration(ConfigurableListableBeanFactory beanFactory, JobEngine engine, JobCatalog catalog) {
		this.engine = engine;
		this.catalog = catalog;
		this.reader = new PeriodicJobReader(beanFactory);
		ConversionService conversionService = beanFactory.getConversionService();
		this.conversion = (conversionService != null) ? conversionService
				: DefaultConversionService.getSharedInstance();
	}

	/**
	 * Register the bean itself, if its factory method or else its class says so.
	 * @param bean the bean
	 * @return the handles of its jobs, if there are any
	 */
	List<PeriodicJobHandle> registerBean(JobBean bean) {
		List<PeriodicJob> jobs = bean.factoryMethodJobs();
		JobPlace place = bean.factoryMethodPlace();
		if (jobs.isEmpty()) {
			jobs = JobAnnotations.onType(bean.type());
			place = JobPlace.type(PeriodicJob.class, bean.type(), bean.name());
		}
		JobPlace declaredAt = place;
		return register(bean, jobs, declaredAt, bean.name(), (job) -> beanBody(bean.get(), job, declaredAt));
	}

	List<PeriodicJobHandle> registerMethod(JobBean bean, Method method, List<PeriodicJob> jobs) {
		JobPlace place = JobPlace.method(PeriodicJob.class, method, bean.name());
		return register(bean, jobs, place, bean.name() + "." + method.getName(), (job) -> {
			Object target = bean.get();
			return MethodBody.of(target, invocable(method, target, place), this.reader.arguments(job, place),
					this.conversion, place);
		});
	}

	private List<PeriodicJobHandle> register(JobBean bean, List<PeriodicJob> jobs, JobPlace place, String defaultName,
			Function<PeriodicJob, JobBody<?>> body) {
		List<PeriodicJobHandle> handles = new ArrayList<>();
		if (!jobs.isEmpty() && !bean.isSingleton()) {
			throw place.failure("is on a bean that is no singleton", "Only singletons carry jobs: remove the scope, "
					+ "or move the job to a singleton that asks for the bean.");
		}
		if (jobs.size() > 1 && jobs.stream().anyMatch((job) -> job.name().isEmpty())) {
			throw place.failure("is repeated, and not each one has a name",
					"Give each of them a name of its own: name = \"...\".");
		}
		for (PeriodicJob job : jobs) {
			PeriodicJobSpec spec = this.reader.read(job, place, defaultName);
			this.catalog.add(spec.name(), place.toString());
			handles.add(add(spec, body.apply(job), place));
		}
		return handles;
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec, JobBody<?> body, JobPlace place) {
		try {
			return this.engine.addPeriodic(spec, body);
		}
		catch (JobConfigurationException ex) {
			throw place.failure(ex);
		}
	}

	private static Method invocable(Method method, Object bean, JobPlace place) {
		if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())
				&& !Modifier.isStatic(method.getModifiers()) && !Modifier.isPrivate(method.getModifiers())) {
			throw place.failure("cannot be called through the bean's proxy, because the method is final",
					"Remove 'final' from the method, or the annotation that makes the bean need a proxy.");
		}
		try {
			return AopUtils.selectInvocableMethod(method, bean.getClass());
		}
		catch (IllegalStateException ex) {
			throw new JobConfigurationException(
					place + " cannot be called through the bean's proxy: " + ex.getMessage(),
					Modifier.isPrivate(method.getModifiers()) ? "Make the method public, protected or package-private."
							: "Declare the method in an interface of the bean, or proxy the bean's class "
									+ "(spring.aop.proxy-target-class=true).",
					ex);
		}
	}

	private static JobBody<?> beanBody(Object bean, PeriodicJob job, JobPlace place) {
		if (job.args().length > 0) {
			throw place.failure("has 'args'", "Only a method takes arguments: remove the 'args'.");
		}
		if (bean instanceof JobBody<?> body) {
			return body;
		}
		if (bean instanceof Callable<?> callable) {
			return (context) -> callable.call();
		}
		if (bean instanceof Runnable runnable) {
			return (context) -> {
				runnable.run();
				return null;
			};
		}
		throw place.failure("needs a bean that is a Runnable, a Callable or a JobBody",
				"Let the bean implement one of the three, or put the annotation on a method of the bean's class.");
	}

}
