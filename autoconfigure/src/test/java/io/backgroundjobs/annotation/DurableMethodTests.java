package io.backgroundjobs.annotation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobKey;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.StoredJob;
import io.backgroundjobs.engine.JobStore;
import io.backgroundjobs.engine.StoredJobType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of the way of a durable method's call to the store and back.
 */
class DurableMethodTests {

	private final RecordingEngine engine = new RecordingEngine();

	private AnnotationContext context;

	private RecordingStore store;

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

	private <T> T start(Class<T> type) {
		this.context = AnnotationContext.start(this.engine.engine, Map.of("mail.name", "send-mail", "mail.delay", "2m"),
				type, RecordingStore.class);
		this.store = this.context.getBean(RecordingStore.class);
		return this.context.getBean(type);
	}

	@Test
	void callGoesToTheStoreAndNothingRuns() {
		Mailer mailer = start(Mailer.class);
		mailer.send("hello", 3);
		assertThat(this.store.onlySpawn().options().name()).isEqualTo("send-mail");
		assertThat(this.store.onlySpawn().arguments()).containsExactly("hello", 3);
		assertThat(this.engine.spawns).isEmpty();
		assertThat(mailer.log()).isEmpty();
	}

	@Test
	void jobThatComesBackRunsTheMethodAndIsNotSpawnedAgain() throws Exception {
		Mailer mailer = start(Mailer.class);
		mailer.send("hello", 3);
		assertThat(this.store.runFirst()).isNull();
		assertThat(mailer.log()).containsExactly("hello 3");
		assertThat(this.store.spawns).isEmpty();
	}

	@Test
	void jobOfAnotherInstanceRunsWithoutACallHere() throws Exception {
		Mailer mailer = start(Mailer.class);
		run("send-mail", "from afar", 1);
		assertThat(mailer.log()).containsExactly("from afar 1");
	}

	@Test
	void callAfterAJobOnTheSameThreadIsSpawned() throws Exception {
		Mailer mailer = start(Mailer.class);
		run("send-mail", "first", 1);
		mailer.send("second", 2);
		assertThat(this.store.onlySpawn().arguments()).containsExactly("second", 2);
		assertThat(mailer.log()).containsExactly("first 1");
	}

	@Test
	void bodyThatCallsItsOwnMethodThroughTheProxySpawns() throws Exception {
		Pages pages = start(Pages.class);
		pages.next(1);
		this.store.runFirst();
		assertThat(this.store.onlySpawn().arguments()).containsExactly(2);
		this.store.runFirst();
		assertThat(this.store.onlySpawn().arguments()).containsExactly(3);
	}

	@Test
	void bodyThatCallsAnotherDurableMethodSpawnsThat() throws Exception {
		Mailer mailer = start(Mailer.class);
		mailer.twoOf(this.context.getBean(Mailer.class));
		this.store.runFirst();
		assertThat(this.store.spawns).extracting((spawn) -> spawn.options().name())
			.containsExactly("send-mail", "send-mail");
	}

	@Test
	void markOfACallIsForItsOwnJobAndForOnce() throws Exception {
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		List<Boolean> marks = new ArrayList<>();
		beanFactory.registerSingleton("bare", new Bare(marks));
		JobBean bean = JobBean.find(beanFactory, "bare");
		assertThat(bean).isNotNull();
		new StoredMethodBody(bean, Bare.class.getDeclaredMethod("work"), "mine").run(List.of(),
				new RecordingStore().running);
		assertThat(marks).containsExactly(false, true, false);
	}

	@Test
	void callFromInsideOfTheBeanRunsInline() {
		Mailer mailer = start(Mailer.class);
		mailer.sendInside("x");
		assertThat(mailer.log()).containsExactly("x 0");
		assertThat(this.store.spawns).isEmpty();
	}

	@Test
	void whenTheBodyFailsThenItsExceptionIsTheJobsAndTheNextCallIsSpawned() throws Exception {
		Mailer mailer = start(Mailer.class);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> run("fail")).withMessage("disk");
		mailer.fail();
		assertThat(this.store.onlySpawn().options().name()).isEqualTo("fail");
	}

	@Test
	void whenTheCallFailsBeforeTheAdviceThenTheNextOneIsSpawned() {
		Mailer mailer = start(Mailer.class);
		assertThatIllegalArgumentException().isThrownBy(() -> run("send-mail", "text", "no number"));
		mailer.send("hello", 3);
		assertThat(this.store.onlySpawn().arguments()).containsExactly("hello", 3);
	}

	@Test
	void jobContextIsNotStoredAndFilledInWhereItRuns() throws Exception {
		Mailer mailer = start(Mailer.class);
		mailer.report("a", null, "b");
		assertThat(this.store.onlySpawn().arguments()).containsExactly("a", "b");
		assertThat(this.store.type("report").argumentTypes()).containsExactly(String.class, String.class);
		this.store.runFirst();
		assertThat(mailer.log()).containsExactly("a b");
		assertThat(mailer.seen()).isSameAs(this.store.running);
	}

	@Test
	void nullIsAnArgument() throws Exception {
		Mailer mailer = start(Mailer.class);
		mailer.report(null, null, "b");
		assertThat(this.store.onlySpawn().arguments()).containsExactly(null, "b");
		this.store.runFirst();
		assertThat(mailer.log()).containsExactly("null b");
	}

	@Test
	void everyAttributeReachesTheStore() {
		start(AllAttributes.class).work("o-1");
		JobOptions registered = this.store.type("send-mail").options();
		assertThat(registered.pool()).isEqualTo("default");
		assertThat(registered.timeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(registered.delay()).isEqualTo(Duration.ofMinutes(2));
		assertThat(registered.priority()).isEqualTo(7);
		assertThat(registered.isShielded()).isTrue();
		assertThat(registered.retry()).isNotNull();
		assertThat(registered.key()).isNull();
		assertThat(this.store.onlySpawn().options().key())
			.isEqualTo(new JobKey.Unique("o-1", OnDuplicate.RETURN_EXISTING));
		assertThat(this.store.onlySpawn().options().delay()).isEqualTo(Duration.ofMinutes(2));
	}

	@Test
	void whenKeyIsNullThenTheCallFails() {
		AllAttributes bean = start(AllAttributes.class);
		assertThatIllegalArgumentException().isThrownBy(() -> bean.work(null))
			.withMessageContaining("which is null for this call");
		assertThat(this.store.spawns).isEmpty();
	}

	@Test
	void whenStoreRejectsThenTheCallThrows() {
		this.context = AnnotationContext.start(this.engine.engine, Mailer.class, RejectingStore.class);
		assertThatExceptionOfType(JobRejectedException.class)
			.isThrownBy(() -> this.context.getBean(Mailer.class).fail());
	}

	@Test
	void registrationSaysWhereTheJobIsDeclaredAndItsNameIsInTheCatalog() {
		start(AllAttributes.class);
		String place = "@BackgroundJob on method AllAttributes.work(String) of bean 'allAttributes'";
		assertThat(this.store.type("send-mail").declaredAt()).isEqualTo(place);
		assertThat(this.context.getBean(JobCatalog.class).place("send-mail")).contains(place);
	}

	@Test
	void typesOfTheArgumentsAreThoseOfTheSignature() throws Exception {
		start(Signatures.class);
		assertThat(this.store.type("generic").argumentTypes())
			.containsExactly(new ParameterizedTypeReference<List<Letter>>() {
			}.getType(), int.class);
		assertThat(this.store.type("inherited").argumentTypes()).containsExactly(Letter.class);
		assertThat(this.store.type("nested").argumentTypes()).satisfiesExactly((type) -> assertThat(type.getTypeName())
			.isEqualTo("java.util.Map<java.lang.String, %s>", Letter.class.getTypeName()));
	}

	@Test
	void methodThatInheritsItsTypesRuns() throws Exception {
		Signatures bean = start(Signatures.class);
		bean.inherited(new Letter("x"));
		this.store.runFirst();
		assertThat(bean.handled()).containsExactly(new Letter("x"));
		assertThat(this.store.spawns).isEmpty();
	}

	@Test
	void transactionOpensWhereTheJobRunsAndNotAroundTheCall() throws Exception {
		start(Transactions.class);
		Books books = this.context.getBean(Books.class);
		assertThat(AopUtils.isAopProxy(books)).isTrue();
		List<String> log = this.context.getBean(Transactions.class).log;
		books.write("x");
		assertThat(log).isEmpty();
		this.store.runFirst();
		assertThat(log).containsExactly("begin", "write in transaction: true", "commit");
		log.clear();
		run("write", "second attempt");
		assertThat(log).containsExactly("begin", "write in transaction: true", "commit");
	}

	@Test
	void methodOfAnInterfaceProxyIsStoredAndRuns() throws Exception {
		start(InterfaceProxied.class);
		Printer printer = this.context.getBean(Printer.class);
		assertThat(AopUtils.isJdkDynamicProxy(printer)).isTrue();
		printer.print("x");
		assertThat(this.store.onlySpawn().arguments()).containsExactly("x");
		this.store.runFirst();
		assertThat(PrinterBean.printed).hasValue(1);
		assertThat(this.store.spawns).isEmpty();
	}

	@Test
	void lazyBeanIsCreatedByItsFirstJob() throws Exception {
		LazyMailer.created.set(0);
		start(LazyConfiguration.class);
		assertThat(this.store.types).containsOnlyKeys("lazy");
		assertThat(LazyMailer.created).hasValue(0);
		run("lazy");
		assertThat(LazyMailer.created).hasValue(1);
	}

	@Test
	void withoutADurableMethodTheStoreIsNotAskedFor() {
		this.context = AnnotationContext.start(this.engine.engine, Plain.class, LazyStore.class);
		assertThat(this.context.getBeanFactory().containsSingleton("jobStore")).isFalse();
		this.context.getBean(Plain.class).work();
		assertThat(this.context.getBeanFactory().containsSingleton("jobStore")).isFalse();
	}

	private Object run(String name, Object... arguments) throws Exception {
		StoredJobType type = this.store.type(name);
		return type.body().run(Arrays.asList(arguments), this.store.running);
	}

	static class Mailer {

		private final List<String> log = new ArrayList<>();

		private JobContext seen;

		List<String> log() {
			return this.log;
		}

		JobContext seen() {
			return this.seen;
		}

		@BackgroundJob(name = "send-mail", durable = true)
		void send(String text, int copies) {
			this.log.add(text + " " + copies);
		}

		@BackgroundJob(name = "two", durable = true)
		void twoOf(Mailer proxy) {
			proxy.send("one", 1);
			proxy.send("two", 1);
		}

		void sendInside(String text) {
			send(text, 0);
		}

		@BackgroundJob(name = "report", durable = true)
		protected void report(String first, JobContext job, String second) {
			this.seen = job;
			this.log.add(first + " " + second);
		}

		@BackgroundJob(name = "fail", durable = true)
		void fail() throws IOException {
			throw new IOException("disk");
		}

	}

	record Bare(List<Boolean> marks) {

		void work() {
			this.marks.add(StoredMethodBody.isCalling("another"));
			this.marks.add(StoredMethodBody.isCalling("mine"));
			this.marks.add(StoredMethodBody.isCalling("mine"));
		}

	}

	static class Pages {

		private final Pages proxy;

		Pages(@Lazy Pages proxy) {
			this.proxy = proxy;
		}

		@BackgroundJob(name = "page", durable = true)
		void next(int page) {
			this.proxy.next(page + 1);
		}

	}

	static class AllAttributes {

		@BackgroundJob(name = "${mail.name}", pool = "default", timeout = "30s", delay = "${mail.delay}", priority = 7,
				key = "#orderId", onDuplicate = OnDuplicate.RETURN_EXISTING, shielded = true, maxRetries = 3,
				durable = true)
		void work(String orderId) {
		}

	}

	static class RejectingStore extends RecordingStore {

		@Override
		public StoredJob spawn(JobOptions options, List<Object> arguments) {
			throw new JobRejectedException(RejectionReason.DUPLICATE, "default", "duplicate");
		}

	}

	record Letter(String text) {

	}

	abstract static class Handler<T> {

		private final List<T> handled = new ArrayList<>();

		List<T> handled() {
			return this.handled;
		}

		@BackgroundJob(name = "inherited", durable = true)
		void inherited(T value) {
			this.handled.add(value);
		}

		@BackgroundJob(name = "nested", durable = true)
		void nested(Map<String, T> values) {
		}

	}

	static class Signatures extends Handler<Letter> {

		@BackgroundJob(name = "generic", durable = true)
		void generic(List<Letter> letters, int copies) {
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
			return new BackgroundJobTests.LoggingTransactionManager(this.log);
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

		@BackgroundJob(name = "write", durable = true)
		@Transactional
		void write(String text) {
			this.log.add("write in transaction: " + TransactionSynchronizationManager.isActualTransactionActive());
		}

	}

	interface Printer {

		void print(String text);

	}

	static class PrinterBean implements Printer {

		static final AtomicInteger printed = new AtomicInteger();

		@Override
		@BackgroundJob(name = "print", durable = true)
		public void print(String text) {
			printed.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InterfaceProxied {

		@Bean
		Printer printer() {
			PrinterBean.printed.set(0);
			return new PrinterBean();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyConfiguration {

		@Bean
		@Lazy
		LazyMailer lazyMailer() {
			return new LazyMailer();
		}

	}

	static class LazyMailer {

		static final AtomicInteger created = new AtomicInteger();

		LazyMailer() {
			created.incrementAndGet();
		}

		@BackgroundJob(name = "lazy", durable = true)
		void send() {
		}

	}

	static class Plain {

		@BackgroundJob
		void work() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyStore {

		@Bean
		@Lazy
		JobStore jobStore() {
			return new RecordingStore();
		}

	}

}
