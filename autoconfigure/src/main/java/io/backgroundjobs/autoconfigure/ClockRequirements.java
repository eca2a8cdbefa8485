package io.backgroundjobs.autoconfigure;

import java.lang.reflect.Field;
import java.util.Set;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

import io.backgroundjobs.JobConfigurationException;

/**
 * What the task scheduler must be that the jobs have for their clock, as it may be the
 * application's own.
 */
final class ClockRequirements {

	private static final String TASK_DECORATOR = "taskDecorator";

	private static final String ERROR_HANDLER = "errorHandler";

	/** The properties that must not be set. */
	static final Set<String> FORBIDDEN = Set.of(TASK_DECORATOR, ERROR_HANDLER);

	private ClockRequirements() {
	}

	/**
	 * Find the task scheduler and make it fit.
	 * @param beanFactory where it is
	 * @param name the name of the bean
	 * @return the task scheduler
	 * @throws JobConfigurationException if the bean cannot be made to fit
	 */
	static ThreadPoolTaskScheduler find(BeanFactory beanFactory, String name) {
		Object bean = beanFactory.getBean(name);
		if (!(bean instanceof ThreadPoolTaskScheduler scheduler)) {
			throw new JobConfigurationException(
					"The bean '" + name + "' is a " + bean.getClass().getName() + " and not a ThreadPoolTaskScheduler",
					"Make it a ThreadPoolTaskScheduler, or give the bean another name.");
		}
		refuse(scheduler, name, TASK_DECORATOR, "a TaskDecorator",
				"Timers that were cancelled would stay in memory until they are due");
		refuse(scheduler, name, ERROR_HANDLER, "an ErrorHandler", "Failed tasks would look like successful ones");
		// Jobs are still spawned and time out while the context closes.
		scheduler.setAcceptTasksAfterContextClose(true);
		scheduler.setRemoveOnCancelPolicy(true);
		return scheduler;
	}

	/**
	 * There is no getter for either.
	 */
	private static void refuse(ThreadPoolTaskScheduler scheduler, String name, String property, String what,
			String why) {
		Field field = ReflectionUtils.findField(ThreadPoolTaskScheduler.class, property);
		Assert.state(field != null, () -> "ThreadPoolTaskScheduler has no field " + property);
		ReflectionUtils.makeAccessible(field);
		if (ReflectionUtils.getField(field, scheduler) != null) {
			throw new JobConfigurationException("The task scheduler '" + name + "' has " + what, why
					+ ": remove it from this bean. Jobs run in pools and not on this scheduler; a context for them is"
					+ " carried over by a JobContextPropagator bean, and failures reach JobExceptionHandler beans.");
		}
	}

}
