package io.backgroundjobs.annotation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.samples.clinic.Clinic;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.backoff.BackOffExecution;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobKey;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.RejectionReason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

class BackgroundJobTests {

	private final RecordingEngine engine = new RecordingEngine();

	private AnnotationContext context;

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

	private <T> T start(Class<T> type, Class<?>... more) {
		Class<?>[] beans = new Class<?>[more.length + 1];
		beans[0] = type;
		System.arraycopy(more, 0, beans, 1, more.length);
		this.context = AnnotationContext.start(this.engine.engine, Map.of("mail.name", "send-mail", "mail.delay", "2m"),
				beans);
		return this.context.getBean(type);
	}

	private JobOptions options() {
		return this.engine.onlySpawn().options();
	}

	@Test
	void callSpawnsAnAnnotatedJobAndTheBodyRunsTheMethod() throws Exception {
		Mailer mailer = start(Mailer.class);
		mailer.send("hello");
		assertThat(mailer.sent()).isEmpty();
		assertThat(this.engine.onlySpawn().kind()).isEqualTo(JobKind.ANNOTATED);
		assertThat(options().name()).isEqualTo("mailer.send");
		assertThat(this.engine.runOnlySpawn()).isNull();
		assertThat(mailer.sent()).containsExactly("hello");
	}

	@Test
	void eachAttemptCallsTheMethod() throws Exception {
		Mailer mailer = start(Mailer.class);
		mailer.send("hello");
		this.engine.runOnlySpawn();
		this.engine.runOnlySpawn();
		assertThat(mailer.sent()).containsExactly("hello", "hello");
	}

	@Test
	void jobContextParameterIsTheRunningJob() throws Exception {
		Mailer mailer = start(Mailer.class);
		mailer.report(null, "x");
		this.engine.runOnlySpawn();
		assertThat(mailer.seen()).isSameAs(this.engine.running);
	}

	@Test
	void methodThatReturnsAJobReturnsTheSpawnedOneAndItsBodyTheValue() throws Exception {
		Mailer mailer = start(Mailer.class);
		Job<Integer> job = mailer.count("abc");
		assertThat((Object) job).isSameAs(this.engine.onlySpawn().job());
		assertThat(this.engine.runOnlySpawn()).isEqualTo(3);
	}

	@Test
	void whenInnerJobFailsThenTheBodyThrowsItsCause() throws Exception {
		Mailer mailer = start(Mailer.class);
		mailer.delegate(failing(new JobFailedException("failed", new IOException("disk"))));
		assertThatExceptionOfType(IOException.class).isThrownBy(this.engine::runOnlySpawn).withMessage("disk");
	}

	@Test
	void whenMethodReturnsNoJobThenTheValueIsNull() throws Exception {
		start(Mailer.class).delegate(null);
		assertThat(this.engine.runOnlySpawn()).isNull();
	}

	@Test
	void methodThatReturnsAFutureReturnsAViewAndItsStageHasTheValue() throws Exception {
		Mailer mailer = start(Mailer.class);
		CompletableFuture<Integer> view = mailer.countLater("abc");
		assertThat(view).isNotNull();
		CompletionStage<Object> stage = this.engine.onlySpawn().stage(this.engine.running);
		assertThat(stage).isCompletedWithValue(3);
	}

	@Test
	void stagesAndFuturesAreTakenToo() throws Exception {
		Mailer mailer = start(Mailer.class);
		assertThat(mailer.stage()).isNotNull();
		assertThat(mailer.future(new FutureTask<>(() -> "done"))).isNotNull();
		assertThat(this.engine.spawns.get(0).stage(this.engine.running)).isCompletedWithValue("staged");
		FutureTask<String> task = new FutureTask<>(() -> "done");
		task.run();
		this.engine.spawns.clear();
		mailer.future(task);
		assertThat(this.engine.onlySpawn().stage(this.engine.running)).isCompletedWithValue("done");
	}

	@Test
	void whenPlainFutureFailsThenTheBodyThrowsItsCause() {
		Mailer mailer = start(Mailer.class);
		FutureTask<String> task = new FutureTask<>(() -> {
			throw new IOException("disk");
		});
		task.run();
		mailer.future(task);
		assertThatExceptionOfType(IOException.class).isThrownBy(this.engine::runOnlySpawn).withMessage("disk");
	}

	@Test
	void whenBodyIsInterruptedWhileItWaitsThenThePlainFutureIsCancelled() {
		Mailer mailer = start(Mailer.class);
		FutureTask<String> task = new FutureTask<>(() -> "never run");
		mailer.future(task);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(this.engine::runOnlySpawn);
		assertThat(task.isCancelled()).isTrue();
	}

	@Test
	void whenMethodThrowsThenTheBodyThrowsTheSame() throws Exception {
		start(Mailer.class).fail();
		assertThatExceptionOfType(IOException.class).isThrownBy(this.engine::runOnlySpawn).withMessage("disk");
	}

	@Test
	void whenEngineRejectsThenTheCallThrows() {
		Mailer mailer = start(Mailer.class);
		willThrow(new JobRejectedException(RejectionReason.FULL, "default", "full")).given(this.engine.engine)
			.spawn(any(JobKind.class), any(), any());
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> mailer.send("hello"));
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> mailer.count("hello"));
	}

	@Test
	void everyAttributeReachesTheOptions() {
		start(AllAttributes.class).work("o-1");
		JobOptions options = options();
		assertThat(options.name()).isEqualTo("send-mail");
		assertThat(options.pool()).isEqualTo("default");
		assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(options.delay()).isEqualTo(Duration.ofMinutes(2));
		assertThat(options.priority()).isEqualTo(7);
		assertThat(options.isShielded()).isTrue();
		assertThat(options.isAfterCommit()).isTrue();
		assertThat(options.key()).isEqualTo(new JobKey.Unique("o-1", OnDuplicate.REPLACE_PENDING));
		RetryPolicy retry = options.retry();
		BackOffExecution backOff = retry.getBackOff().start();
		assertThat(List.of(backOff.nextBackOff(), backOff.nextBackOff(), backOff.nextBackOff(), backOff.nextBackOff()))
			.containsExactly(100L, 200L, 250L, BackOffExecution.STOP);
	}

	@Test
	void timeoutNoneSwitchesThePoolsTimeoutOff() {
		start(Mailer.class).patient();
		assertThat(options().timeout()).isEqualTo(Duration.ZERO);
	}

	@Test
	void retriesWaitASecondUnlessTold() {
		start(Mailer.class).retried();
		BackOffExecution backOff = options().retry().getBackOff().start();
		assertThat(backOff.nextBackOff()).isEqualTo(1000L);
		assertThat(backOff.nextBackOff()).isEqualTo(BackOffExecution.STOP);
	}

	@Test
	void whenKeyIsNullThenTheCallFails() {
		AllAttributes bean = start(AllAttributes.class);
		assertThatIllegalArgumentException().isThrownBy(() -> bean.work(null))
			.withMessage("The 'key' of @BackgroundJob on method AllAttributes.work(String) of bean 'allAttributes' is "
					+ "'#orderId', which is null for this call. A job with a key needs one in each call");
		assertThat(this.engine.spawns).isEmpty();
	}

	@Test
	void callFromInsideOfTheBeanRunsInline() {
		Mailer mailer = start(Mailer.class);
		mailer.sendTwice("x");
		assertThat(mailer.sent()).containsExactly("x", "x");
		assertThat(this.engine.spawns).isEmpty();
	}

	@Test
	void transactionOpensInTheJobAndNotAroundTheSpawn() throws Exception {
		start(Transactions.class);
		Books books = this.context.getBean(Books.class);
		assertThat(AopUtils.isAopProxy(books)).isTrue();
		List<String> log = this.context.getBean(Transactions.class).log;
		books.write();
		assertThat(log).isEmpty();
		this.engine.runOnlySpawn();
		assertThat(log).containsExactly("begin", "write in transaction: true", "commit");
		log.clear();
		this.engine.runOnlySpawn();
		assertThat(log).as("second attempt").containsExactly("begin", "write in transaction: true", "commit");
	}

	@Test
	void methodOfAnInterfaceProxySpawns() throws Exception {
		start(InterfaceProxied.class);
		Printer printer = this.context.getBean(Printer.class);
		assertThat(AopUtils.isJdkDynamicProxy(printer)).isTrue();
		printer.print();
		assertThat(options().name()).isEqualTo("printer.print");
		this.engine.runOnlySpawn();
	}

	@Test
	void classesAreProxiedAsBootDoesIt() {
		start(AopAutoConfiguration.class, PrinterBean.class);
		this.context.getBean(PrinterBean.class).print();
		assertThat(options().name()).isEqualTo("printerBean.print");
	}

	@Test
	void annotationOfAnInterfaceIsFound() {
		this.context = AnnotationContext.start(this.engine.engine, AnnotatedImplementation.class);
		this.context.getBean(Annotated.class).annotated();
		assertThat(options().name()).isEqualTo("annotatedImplementation.annotated");
	}

	@Test
	void annotationOfAnInterfaceThatOnlyTheProxyHasIsFound() {
		start(Proxies.class);
		this.context.getBean(Annotated.class).annotated();
		assertThat(options().name()).isEqualTo("proxyOfAnother.annotated");
	}

	@Test
	void componentsInPackagesLikeSpringsOwnAreNotPassedOver() {
		start(Clinic.class);
		assertThat(this.engine.specs).containsOnlyKeys("clinic.visit");
		this.context.getBean(Clinic.class).call();
		assertThat(options().name()).isEqualTo("clinic.call");
	}

	@Test
	void beansOfOneClassHaveJobsOfTheirOwnNames() {
		start(TwoMailers.class);
		this.context.getBean("first", Mailer.class).send("x");
		this.context.getBean("second", Mailer.class).send("x");
		assertThat(this.engine.spawns).extracting((spawn) -> spawn.options().name())
			.containsExactly("first.send", "second.send");
	}

	@Test
	void scopedBeansSpawnUnderTheirOwnName() throws Exception {
		start(ScopedMailer.class);
		Mailer mailer = this.context.getBean("scoped", Mailer.class);
		mailer.send("x");
		assertThat(options().name()).isEqualTo("scoped.send");
		this.engine.runOnlySpawn();
	}

	@Test
	void namesAreInTheCatalog() {
		start(AllAttributes.class);
		JobCatalog catalog = this.context.getBean(JobCatalog.class);
		assertThat(catalog.names()).containsExactly("send-mail");
		assertThat(catalog.place("send-mail"))
			.contains("@BackgroundJob on method AllAttributes.work(String) of bean 'allAttributes'");
	}

	@SuppressWarnings("unchecked")
	private static Job<Integer> failing(JobFailedException failure) throws Exception {
		Job<Integer> job = mock(Job.class);
		given(job.await()).willThrow(failure);
		return job;
	}

	static class Mailer {

		private final List<String> sent = new ArrayList<>();

		private JobContext seen;

		List<String> sent() {
			return this.sent;
		}

		JobContext seen() {
			return this.seen;
		}

		@BackgroundJob
		void send(String text) {
			this.sent.add(text);
		}

		void sendTwice(String text) {
			send(text);
			send(text);
		}

		@BackgroundJob
		protected void report(JobContext job, String text) {
			this.seen = job;
		}

		@BackgroundJob
		Job<Integer> count(String text) {
			return Job.completed(text.length());
		}

		@BackgroundJob
		Job<Integer> delegate(Job<Integer> inner) {
			return inner;
		}

		@BackgroundJob
		CompletableFuture<Integer> countLater(String text) {
			return CompletableFuture.completedFuture(text.length());
		}

		@BackgroundJob
		CompletionStage<String> stage() {
			return CompletableFuture.completedStage("staged");
		}

		@BackgroundJob
		Future<String> future(Future<String> future) {
			return future;
		}

		@BackgroundJob
		void fail() throws IOException {
			throw new IOException("disk");
		}

		@BackgroundJob(timeout = "none")
		void patient() {
		}

		@BackgroundJob(maxRetries = 1)
		void retried() {
		}

	}

	static class AllAttributes {

		@BackgroundJob(name = "${mail.name}", pool = "default", timeout = "30s", delay = "${mail.delay}", priority = 7,
				key = "#orderId", onDuplicate = OnDuplicate.REPLACE_PENDING, afterCommit = true, shielded = true,
				maxRetries = 3, retryDelay = "100ms", retryMultiplier = 2, retryMaxDelay = "250ms")
		void work(String orderId) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	static class Transactions {

		final List<String> log = new ArrayList<>();

		@Bean
		Books books() {
			return new Books(this.log);
		}

		@Bean
		PlatformTransactionManager transactionManager() {
			return new LoggingTransactionManager(this.log);
		}

	}

	static class Books {

		private final List<String> log;

		Books() {
			this(new ArrayList<>());
		}

		Books(List<String> log) {
			this.log = log;
		}

		@BackgroundJob
		@Transactional
		void write() {
			this.log.add("write in transaction: " + TransactionSynchronizationManager.isActualTransactionActive());
		}

	}

	@SuppressWarnings("serial")
	static class LoggingTransactionManager extends AbstractPlatformTransactionManager {

		private final transient List<String> log;

		LoggingTransactionManager(List<String> log) {
			this.log = log;
		}

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.log.add("begin");
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			this.log.add("commit");
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			this.log.add("rollback");
		}

	}

	interface Printer {

		void print();

	}

	static class PrinterBean implements Printer {

		@Override
		@BackgroundJob
		public void print() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InterfaceProxied {

		@Bean
		Printer printer() {
			return new PrinterBean();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxies {

		@Bean
		Annotated proxyOfAnother() {
			ProxyFactory factory = new ProxyFactory();
			factory.setTarget("another");
			factory.addInterface(Annotated.class);
			return (Annotated) factory.getProxy();
		}

	}

	interface Annotated {

		@BackgroundJob
		void annotated();

	}

	static class AnnotatedImplementation implements Annotated {

		@Override
		public void annotated() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoMailers {

		@Bean
		Mailer first() {
			return new Mailer();
		}

		@Bean
		Mailer second() {
			return new Mailer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedMailer {

		@Bean
		@Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Mailer scoped() {
			return new Mailer();
		}

	}

}
