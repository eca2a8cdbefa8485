package io.backgroundjobs.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.JobConfigurationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ClockRequirementsTests {

	private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

	@Test
	void cancelledTimersAreRemoved() {
		this.scheduler.initialize();
		try {
			find(this.scheduler);
			assertThat(this.scheduler.getScheduledThreadPoolExecutor().getRemoveOnCancelPolicy()).isTrue();
		}
		finally {
			this.scheduler.shutdown();
		}
	}

	@Test
	void taskDecoratorIsRefused() {
		this.scheduler.setTaskDecorator((task) -> task);
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> find(this.scheduler))
			.withMessage("The task scheduler 'clock' has a TaskDecorator")
			.satisfies((ex) -> assertThat(ex.action()).contains("JobContextPropagator"));
	}

	@Test
	void errorHandlerIsRefused() {
		this.scheduler.setErrorHandler((failure) -> {
		});
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> find(this.scheduler))
			.withMessage("The task scheduler 'clock' has an ErrorHandler")
			.satisfies((ex) -> assertThat(ex.action()).contains("JobExceptionHandler"));
	}

	@Test
	void otherTypeIsRefused() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> find(new SimpleAsyncTaskScheduler()))
			.withMessageContaining("SimpleAsyncTaskScheduler and not a ThreadPoolTaskScheduler");
	}

	private static void find(Object scheduler) {
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("clock", scheduler);
		ClockRequirements.find(beans, "clock");
	}

}
