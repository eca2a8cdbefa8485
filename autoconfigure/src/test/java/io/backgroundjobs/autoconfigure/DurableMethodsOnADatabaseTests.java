package io.backgroundjobs.autoconfigure;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobTimeoutException;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.StoredJob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of durable methods and {@code DurableJob} beans on a real database.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DurableMethodsOnADatabaseTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class,
				BackgroundJobAnnotationAutoConfiguration.class, BackgroundJobDurableAutoConfiguration.class,
				JacksonAutoConfiguration.class, DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true")
		.withBean("shop", Shop.class)
		.withUserConfiguration(Jobs.class);

	@Test
	void callRunsAsADurableJobInATransactionOfItsOwn() {
		this.runner.run((context) -> {
			Order order = new Order("o-1", List.of(new Item("pen", 2)), Instant.parse("2026-01-02T03:04:05.678Z"));
			context.getBean(Shop.class).confirm(order, Map.of("a", 1), null);
			Run run = context.getBean(Shop.class).runs().take();
			assertThat(run.argument()).isEqualTo(order);
			assertThat(run.inTransaction()).isTrue();
			assertThat(run.job().name()).isEqualTo("confirm");
			assertThat(run.job().kind()).isEqualTo(JobKind.DURABLE);
			awaitNoneLeft(context);
			assertThat(context.getBean(Shop.class).runs()).isEmpty();
		});
	}

	@Test
	void whenTheCallersTransactionIsRolledBackThenThereIsNoJob() {
		this.runner.run((context) -> {
			Shop shop = context.getBean(Shop.class);
			transaction(context).executeWithoutResult((status) -> {
				shop.keyed("a");
				status.setRollbackOnly();
			});
			assertThat(rows(context)).isZero();
			transaction(context).executeWithoutResult((status) -> {
				shop.keyed("b");
				assertThat(shop.runs()).isEmpty();
			});
			assertThat(shop.runs().take().argument()).isEqualTo("b");
		});
	}

	@Test
	void propertiesMoveTheJobToAnotherPoolAndChangeItsTimeout() {
		this.runner
			.withPropertyValues("background-jobs.pools.orders.limit=1", "background-jobs.jobs.slow.pool=orders",
					"background-jobs.jobs.slow.timeout=50ms", "background-jobs.jobs.sendReceipt.pool=orders")
			.run((context) -> {
				Shop shop = context.getBean(Shop.class);
				shop.slow();
				assertThat(shop.runs().take().job().pool()).isEqualTo("orders");
				assertThat(awaitFailed(context).failure()).contains(JobTimeoutException.class.getSimpleName());
				spawnReceipt(context, "r-1");
				assertThat(context.getBean(Jobs.class).pools.take()).isEqualTo("orders");
			});
	}

	@Test
	void whenAPropertyNamesAPoolThatDoesNotExistThenStartFails() {
		this.runner.withPropertyValues("background-jobs.jobs.slow.pool=nowhere")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(JobConfigurationException.class)
				.hasMessage(
						"Job 'slow' names the pool 'nowhere', which does not exist; the pools are [default]. It was "
								+ "declared by @BackgroundJob on method Shop.slow() of bean 'shop'"));
	}

	@Test
	void whenAPropertyNamesAJobThatDoesNotExistThenTheDurableOnesAreAmongThoseThatDo() {
		this.runner.withPropertyValues("background-jobs.jobs.send-reciept.pool=default")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(JobConfigurationException.class)
				.extracting("action")
				.asString()
				.contains("send-receipt"));
	}

	@Test
	void attemptsAreCountedAndTheKeyForOthersStaysTheSame() {
		this.runner.run((context) -> {
			Shop shop = context.getBean(Shop.class);
			shop.failsTwice();
			List<Run> attempts = List.of(shop.runs().take(), shop.runs().take(), shop.runs().take());
			assertThat(attempts).extracting(Run::attempt).containsExactly(1, 2, 3);
			assertThat(attempts).extracting(Run::idempotencyKey).containsOnly(attempts.get(0).job().id());
			awaitNoneLeft(context);
		});
	}

	@Test
	void secondJobOfAKeyIsRejected() {
		this.runner.run((context) -> {
			context.getBean(BackgroundJobScheduler.class).pausePool("default");
			Shop shop = context.getBean(Shop.class);
			shop.keyed("a");
			assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> shop.keyed("a"))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.DUPLICATE));
			shop.keyed("b");
			assertThat(rows(context)).isEqualTo(2);
		});
	}

	@Test
	void secondJobOfAKeyMayBeTheFirstOne() {
		this.runner.run((context) -> {
			context.getBean(BackgroundJobScheduler.class).pausePool("default");
			Shop shop = context.getBean(Shop.class);
			shop.once("a");
			shop.once("a");
			assertThat(rows(context)).isOne();
		});
	}

	@Test
	void delayedJobIsDueLater() {
		this.runner.run((context) -> {
			context.getBean(Shop.class).later();
			assertThat(context.getBean(DurableJobs.class).queues()).singleElement()
				.extracting(DurableQueue::name, DurableQueue::known, DurableQueue::scheduled)
				.containsExactly("later", true, 1L);
		});
	}

	@Test
	void payloadOfADurableJobBeanComesBack() {
		this.runner.run((context) -> {
			StoredJob job = spawnReceipt(context, "r-1");
			assertThat(job.name()).isEqualTo("send-receipt");
			assertThat(context.getBean(Jobs.class).receipts.take()).isEqualTo(new Receipt("r-1"));
			awaitNoneLeft(context);
		});
	}

	@Test
	void whenAParameterIsNotConcreteThenStartFails() {
		this.runner.withBean("vague", Vague.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(JobConfigurationException.class)
				.hasMessageStartingWith(
						"@BackgroundJob on method Vague.job(Object) of bean 'vague' is durable and takes"));
	}

	@Test
	void whenABeanAndAMethodHaveTheSameNameThenMessageNamesBoth() {
		this.runner.withBean("twin", DurableJob.class,
				() -> DurableJob.of(JobOptions.named("confirm"), String.class, (payload, job) -> {
				}))
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(JobConfigurationException.class)
				.hasMessageContaining("DurableJob bean 'twin'")
				.hasMessageContaining("@BackgroundJob on method Shop.confirm"));
	}

	@SuppressWarnings("unchecked")
	private static StoredJob spawnReceipt(ApplicationContext context, String number) {
		DurableJob<Receipt> job = (DurableJob<Receipt>) context.getBean("sendReceipt");
		return context.getBean(DurableJobs.class).spawn(job, new Receipt(number));
	}

	private static TransactionTemplate transaction(ApplicationContext context) {
		return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
	}

	private static int rows(ApplicationContext context) {
		Integer rows = context.getBean(JdbcTemplate.class)
			.queryForObject("select count(*) from background_jobs", Integer.class);
		return (rows != null) ? rows : 0;
	}

	private static void awaitNoneLeft(AssertableApplicationContext context) {
		Awaitility.await().until(() -> rows(context) == 0);
	}

	private static StoredJob awaitFailed(AssertableApplicationContext context) {
		DurableJobs jobs = context.getBean(DurableJobs.class);
		return Awaitility.await().until(() -> jobs.failed(null, 1), (failed) -> !failed.isEmpty()).get(0);
	}

	record Order(String number, List<Item> items, Instant at) {

	}

	record Item(String name, int count) {

	}

	record Receipt(String number) {

	}

	record Run(Object argument, boolean inTransaction, Job<?> job, int attempt, String idempotencyKey) {

	}

	static class Shop {

		private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();

		private final BackgroundJobScheduler jobs;

		Shop(BackgroundJobScheduler jobs) {
			this.jobs = jobs;
		}

		BlockingQueue<Run> runs() {
			return this.runs;
		}

		@Transactional
		@BackgroundJob(name = "confirm", durable = true)
		void confirm(Order order, Map<String, Integer> counts, JobContext job) {
			ran(order);
		}

		@BackgroundJob(name = "keyed", durable = true, key = "#a0")
		void keyed(String key) {
			ran(key);
		}

		@BackgroundJob(name = "once", durable = true, key = "#a0", onDuplicate = OnDuplicate.RETURN_EXISTING)
		void once(String key) {
			ran(key);
		}

		@BackgroundJob(name = "later", durable = true, delay = "1h")
		void later() {
			ran("later");
		}

		@BackgroundJob(name = "slow", durable = true)
		void slow() throws InterruptedException {
			ran("slow");
			new CountDownLatch(1).await();
		}

		@BackgroundJob(name = "fails-twice", durable = true, maxRetries = 2, retryDelay = "1ms")
		void failsTwice() {
			ran("attempt");
			if (JobContext.current().attempt() < 3) {
				throw new IllegalStateException("broken");
			}
		}

		private void ran(Object argument) {
			JobContext context = JobContext.current();
			this.runs.add(new Run(argument, TransactionSynchronizationManager.isActualTransactionActive(),
					this.jobs.find(context.id()).orElseThrow(), context.attempt(), context.idempotencyKey()));
		}

	}

	static class Vague {

		@BackgroundJob(name = "vague", durable = true)
		void job(Object anything) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Jobs {

		final BlockingQueue<Receipt> receipts = new LinkedBlockingQueue<>();

		final BlockingQueue<String> pools = new LinkedBlockingQueue<>();

		@Bean
		DurableJob<Receipt> sendReceipt(BackgroundJobScheduler jobs) {
			return DurableJob.of(JobOptions.named("send-receipt"), Receipt.class, (receipt, job) -> {
				this.receipts.add(receipt);
				this.pools.add(jobs.find(job.id()).orElseThrow().pool());
			});
		}

	}

}
