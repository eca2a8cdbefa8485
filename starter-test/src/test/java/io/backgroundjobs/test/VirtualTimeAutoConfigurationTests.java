package io.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.engine.EngineClock;
import io.backgroundjobs.engine.JobEngine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link VirtualTimeAutoConfiguration} and {@link JobTesterAutoConfiguration}.
 */
class VirtualTimeAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(InlineJobsAutoConfiguration.class, VirtualTimeAutoConfiguration.class, JobTesterAutoConfiguration.class));

	@Test
	void timeStartsWhereThePropertySays() {
		this.runner.withPropertyValues("background-jobs.test.virtual-time.start=2030-06-01T12:00:00Z")
			.run((context) -> assertThat(context.getBean(VirtualTime.class).now())
				.isEqualTo(Instant.parse("2030-06-01T12:00:00Z")));
	}

	@Test
	void schedulersOfTheContextAreWatched() {
		this.runner.run((context) -> assertThatNoException()
			.isThrownBy(() -> context.getBean(VirtualTime.class).advance(Duration.ofDays(1))));
	}

	@Test
	void schedulersAreWatchedWithLazyInitializationToo() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThatNoException()
				.isThrownBy(() -> context.getBean(VirtualTime.class).advance(Duration.ofDays(1))));
	}

	@Test
	void clockOfTheTestTakesItsPlace() {
		EngineClock clock = mock(EngineClock.class);
		this.runner.withBean(EngineClock.class, () -> clock)
			.run((context) -> assertThat(context).doesNotHaveBean(VirtualTime.class));
	}

	@Test
	void whenTheContextClosesThenTimeIsRealAndAHangingJobHoldsItNoLongerThanTheBounds() {
		VirtualTime[] time = new VirtualTime[1];
		CountDownLatch interrupted = new CountDownLatch(1);
		this.runner.withPropertyValues("background-jobs.test.virtual-time.idle-timeout=50ms").run((context) -> {
			time[0] = context.getBean(VirtualTime.class);
			JobSpawner jobs = context.getBean(JobSpawner.class);
			try {
				jobs.spawn("hanging", () -> {
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						interrupted.countDown();
					}
					return null;
				});
			}
			catch (AssertionError ex) {
				assertThat(ex).hasMessageContaining("hanging");
			}
		});
		assertThat(interrupted.getCount()).isZero();
		assertThatIllegalStateException().isThrownBy(() -> time[0].advance(Duration.ZERO))
			.withMessageContaining("real time");
	}

	@Test
	void whenAChildContextClosesThenTimeStaysVirtual() {
		this.runner.run((context) -> {
			AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
			child.setParent(context);
			child.refresh();
			child.close();
			assertThatNoException().isThrownBy(() -> context.getBean(VirtualTime.class).advance(Duration.ZERO));
		});
	}

	@Test
	void withoutASchedulerThereIsNoTester() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JobTesterAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobTester.class));
	}

	@Test
	void testerOfTheTestTakesItsPlace() {
		JobTester tester = new JobTester(mock(JobEngine.class));
		this.runner.withBean(JobTester.class, () -> tester)
			.run((context) -> assertThat(context).getBean(JobTester.class).isSameAs(tester));
	}

}
