package io.backgroundjobs.autoconfigure;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobSpawner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a job takes over from the thread that spawned it, what it does not, and that
 * nothing of it stays.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
@ExtendWith(OutputCaptureExtension.class)
class BackgroundJobContextAutoConfigurationTests {

	private static final ThreadLocal<@Nullable String> tenant = new ThreadLocal<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class,
				BackgroundJobContextAutoConfiguration.class))
		.withBean(TenantAccessor.class)
		.withPropertyValues("background-jobs.pools.narrow.limit=1", "background-jobs.pools.narrow.pending-limit=0",
				"background-jobs.pools.narrow.overflow=caller-runs");

	@AfterEach
	void clear() {
		SecurityContextHolder.clearContext();
		MDC.clear();
		tenant.remove();
	}

	@Test
	void jobSeesWhatItsSpawnerHad() {
		this.runner.run((context) -> {
			bind("ann");
			Job<String> job = spawn(context, "job");
			bind("bob");
			assertThat(job.await()).isEqualTo("ann ann ann");
		});
	}

	@Test
	void nextJobOnTheThreadSeesNothing() {
		this.runner.run((context) -> {
			bind("ann");
			assertThat(spawn(context, "job").await()).isEqualTo("ann ann ann");
			clear();
			assertThat(spawn(context, "next").await()).isEqualTo("null null null");
		});
	}

	@Test
	void nextJobSeesNothingOfWhatABodyHasBound() {
		this.runner.run((context) -> {
			JobSpawner jobs = context.getBean(JobSpawner.class);
			Thread first = jobs.spawn(narrow("careless"), () -> {
				bind("left behind");
				return Thread.currentThread();
			}).await();
			awaitQuiet(context);
			Job<Thread> second = jobs.spawn(narrow("next"), () -> {
				assertThat(bound()).isEqualTo("null null null");
				return Thread.currentThread();
			});
			assertThat(second.await()).isSameAs(first);
		});
	}

	@Test
	void callerThatRunsAJobItselfKeepsWhatItHad() {
		this.runner.run((context) -> {
			JobSpawner jobs = context.getBean(JobSpawner.class);
			CountDownLatch leave = new CountDownLatch(1);
			jobs.spawn(narrow("first"), () -> {
				leave.await();
				return 42;
			});
			bind("ann");
			Job<Thread> here = jobs.spawn(narrow("here"), () -> {
				assertThat(bound()).isEqualTo("ann ann ann");
				bind("left behind");
				return Thread.currentThread();
			});
			assertThat(here.await()).isSameAs(Thread.currentThread());
			assertThat(bound()).isEqualTo("ann ann ann");
			assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("user", "ann"));
			leave.countDown();
		});
	}

	@Test
	void excludedKeysAreNotCarriedOver() {
		String keys = "mdc, tenant, " + SecurityContext.class.getName();
		this.runner.withPropertyValues("background-jobs.context.exclude=" + keys).run((context) -> {
			bind("ann");
			assertThat(spawn(context, "job").await()).isEqualTo("null null null");
		});
	}

	@Test
	void excludedObservationIsNotCarriedOver() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler((context) -> true);
		this.runner.withPropertyValues("background-jobs.context.exclude=" + ObservationThreadLocalAccessor.KEY)
			.run((context) -> assertThat(observed(context, registry)).isNull());
		this.runner.run((context) -> assertThat(observed(context, registry)).isNotNull());
	}

	@Test
	void knownKeysAreNotWarnedAbout(CapturedOutput output) {
		String keys = "mdc, tenant, micrometer.observation, " + SecurityContext.class.getName();
		this.runner.withPropertyValues("background-jobs.context.exclude=" + keys)
			.run((context) -> assertThat(output).doesNotContain("context.exclude"));
	}

	@Test
	void unknownKeyIsWarnedAboutWithTheKnownOnes(CapturedOutput output) {
		this.runner.withPropertyValues("background-jobs.context.exclude=tennant, mdc")
			.run((context) -> assertThat(output).contains("background-jobs.context.exclude names [tennant]", "'mdc'",
					"tenant", "micrometer.observation", SecurityContext.class.getName()));
	}

	private static @Nullable Observation observed(ApplicationContext context, ObservationRegistry registry)
			throws InterruptedException {
		Observation request = Observation.start("request", registry);
		Job<@Nullable Observation> job;
		try (Observation.Scope scope = request.openScope()) {
			assertThat(scope).isNotNull();
			job = context.getBean(JobSpawner.class).spawn("job", registry::getCurrentObservation);
		}
		return job.await();
	}

	private static Job<String> spawn(ApplicationContext context, String name) {
		return context.getBean(JobSpawner.class).spawn(name, () -> bound());
	}

	private static JobOptions narrow(String name) {
		return JobOptions.named(name).pool("narrow");
	}

	private static void awaitQuiet(ApplicationContext context) {
		BackgroundJobScheduler scheduler = context.getBean(BackgroundJobScheduler.class);
		while (!scheduler.pools().stream().allMatch((pool) -> pool.active() == 0)) {
			Thread.onSpinWait();
		}
	}

	private static void bind(String user) {
		SecurityContextHolder.setContext(new SecurityContextImpl(new TestingAuthenticationToken(user, "secret")));
		MDC.put("user", user);
		tenant.set(user);
	}

	private static String bound() {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		return ((authentication != null) ? authentication.getName() : null) + " " + MDC.get("user") + " "
				+ tenant.get();
	}

	private static final class TenantAccessor implements ThreadLocalAccessor<String> {

		@Override
		public Object key() {
			return "tenant";
		}

		@Override
		public @Nullable String getValue() {
			return tenant.get();
		}

		@Override
		public void setValue(String value) {
			tenant.set(value);
		}

		@Override
		public void setValue() {
			tenant.remove();
		}

	}

}
