package io.backgroundjobs.annotation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PeriodicJob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PeriodicJobBeanTests {

	private static final AtomicInteger created = new AtomicInteger();

	private final RecordingEngine engine = new RecordingEngine();

	private AnnotationContext context;

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

	private void start(Class<?>... beans) {
		created.set(0);
		this.context = AnnotationContext.start(this.engine.engine, beans);
	}

	@Test
	void beansThatAreWorkAreJobsUnderTheirOwnNames() throws Exception {
		start(RunnableBean.class, CallableBean.class, BodyBean.class);
		assertThat(this.engine.specs).containsOnlyKeys("runnableBean", "callableBean", "bodyBean");
		assertThat(this.engine.run("runnableBean")).isNull();
		assertThat(this.context.getBean(RunnableBean.class).runs).hasValue(1);
		assertThat(this.engine.run("callableBean")).isEqualTo("called");
		assertThat(this.engine.run("bodyBean")).isSameAs(this.engine.running);
	}

	@Test
	void annotationOfASuperclassIsFound() {
		start(RunnableSubclass.class);
		assertThat(this.engine.specs).containsOnlyKeys("runnableSubclass");
	}

	@Test
	void factoryMethodsMakeJobs() throws Exception {
		start(Factories.class);
		assertThat(this.engine.specs).containsOnlyKeys("ofLambda", "ofStatic", "first", "second", "replaced");
		assertThat(this.engine.run("ofLambda")).isEqualTo("lambda");
		assertThat(this.engine.run("ofStatic")).isEqualTo("static");
		assertThat(this.engine.run("first")).isEqualTo("twice");
		assertThat(this.engine.spec("second").schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(5)));
	}

	@Test
	void factoryMethodReplacesWhatTheClassSays() {
		start(Factories.class);
		assertThat(this.engine.spec("replaced").schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(7)));
	}

	@Test
	void staticFactoryMethodsOfPlainDefinitionsMakeJobs() throws Exception {
		this.context = AnnotationContext.create(this.engine.engine);
		this.context.registerBeanDefinition("plain",
				BeanDefinitionBuilder.rootBeanDefinition(PlainFactory.class)
					.setFactoryMethod("make")
					.getBeanDefinition());
		this.context.refresh();
		assertThat(this.engine.run("plain")).isEqualTo("plain");
	}

	@Test
	void singletonsThatWereRegisteredByHandCarryJobs() throws Exception {
		this.context = AnnotationContext.create(this.engine.engine);
		this.context.getBeanFactory().registerSingleton("byHand", new CallableBean());
		this.context.refresh();
		assertThat(this.engine.run("byHand")).isEqualTo("called");
	}

	@Test
	void lazyBeansWithJobsAreFound() throws Exception {
		start(LazyWithJob.class, LazyFactories.class);
		assertThat(this.engine.specs).containsOnlyKeys("lazyWithJob.job", "lazyRunnable");
		assertThat(this.engine.run("lazyWithJob.job")).isEqualTo("lazy");
	}

	@Test
	void otherLazyBeansAndFactoryBeansAreLeftAlone() {
		created.set(0);
		// Not in a context: there, injection by type creates a factory bean of unknown
		// type.
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		for (Class<?> type : List.of(Unrelated.class, UnrelatedFactoryBean.class)) {
			beanFactory.registerBeanDefinition(type.getSimpleName(),
					BeanDefinitionBuilder.rootBeanDefinition(type).setLazyInit(true).getBeanDefinition());
		}
		new AnnotatedJobRegistrar(beanFactory, this.engine.engine, (place) -> new RecordingStore(), new JobCatalog())
			.afterSingletonsInstantiated();
		assertThat(this.engine.specs).isEmpty();
		assertThat(created).hasValue(0);
	}

	@Test
	void factoryBeanAndItsProductBothCarryJobs() throws Exception {
		start(WorkFactoryBean.class);
		assertThat(this.engine.specs).containsOnlyKeys("workFactoryBean", "workFactoryBean.refresh");
		assertThat(this.engine.run("workFactoryBean")).isEqualTo("called");
		assertThat(this.engine.run("workFactoryBean.refresh")).isEqualTo("refreshed");
	}

	@Test
	void beansOfTheParentContextAreLeftToIt() {
		start(CallableBean.class);
		assertThat(this.engine.specs).containsOnlyKeys("callableBean");
		RecordingEngine childEngine = new RecordingEngine();
		AnnotationContext child = AnnotationContext.create(childEngine.engine, RunnableBean.class);
		child.setParent(this.context);
		child.refresh();
		assertThat(childEngine.specs).containsOnlyKeys("runnableBean");
		child.close();
	}

	@Test
	void singletonBehindAScopedProxyIsCalledThroughIt() throws Exception {
		start(ScopedSingletons.class);
		assertThat(this.engine.specs).containsOnlyKeys("scoped.job");
		assertThat(this.engine.run("scoped.job")).isEqualTo("lazy");
	}

	@Test
	void whenBeanIsAPrototypeThenStartFails() {
		AnnotationContext.assertRefused(
				"@PeriodicJob on method PrototypeWithJob.job() of bean 'prototypeWithJob' is on a bean that is no "
						+ "singleton",
				"Only singletons carry jobs: remove the scope, or move the job to a singleton that asks for the bean.",
				PrototypeWithJob.class);
	}

	@Test
	void whenScopedProxyHidesAPrototypeThenStartFails() {
		AnnotationContext.assertRefused(
				"@PeriodicJob on method ScopedWithJob.job() of bean 'scopedWithJob' is on a bean that is no "
						+ "singleton",
				"Only singletons carry jobs: remove the scope, or move the job to a singleton that asks for the bean.",
				ScopedConfiguration.class);
	}

	@Test
	void whenBeanIsNoWorkThenStartFails() {
		AnnotationContext.assertRefused(
				"@PeriodicJob on class NoWork of bean 'noWork' needs a bean that is a Runnable, a Callable or a "
						+ "JobBody",
				"Let the bean implement one of the three, or put the annotation on a method of the bean's " + "class.",
				NoWork.class);
	}

	@Test
	void whenFactoryMethodMakesNoWorkThenStartFails() {
		AnnotationContext.assertRefused(
				"@PeriodicJob on factory method NoWorkFactory.text() of bean 'text' needs a bean that is a Runnable, a "
						+ "Callable or a JobBody",
				"Let the bean implement one of the three, or put the annotation on a method of the bean's class.",
				NoWorkFactory.class);
	}

	@Test
	void whenBeanItselfHasArgumentsThenStartFails() {
		AnnotationContext.assertRefused("@PeriodicJob on class WithArguments of bean 'withArguments' has 'args'",
				"Only a method takes arguments: remove the 'args'.", WithArguments.class);
	}

	@Test
	void whenDefaultNameIsNotValidThenStartFails() {
		this.context = AnnotationContext.create(this.engine.engine);
		this.context.registerBean("my bean", CallableBean.class);
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(this.context::refresh)
			.withMessage(
					"@PeriodicJob on class CallableBean of bean 'my bean' has no name, and 'my bean' by default is not a valid one");
	}

	@Test
	void definitionsSayWhetherTheyMustNotBeLazy() {
		AnnotationConfigApplicationContext unrefreshed = AnnotationContext.create(this.engine.engine, Lazies.class,
				LazyWithJob.class, RunnableBean.class);
		unrefreshed.addBeanFactoryPostProcessor((factory) -> {
			assertThat(AnnotatedJobRegistrar.isPeriodicJob(factory.getBeanDefinition("lazyWithJob"), LazyWithJob.class))
				.isTrue();
			assertThat(
					AnnotatedJobRegistrar.isPeriodicJob(factory.getBeanDefinition("runnableBean"), RunnableBean.class))
				.isTrue();
			assertThat(AnnotatedJobRegistrar.isPeriodicJob(factory.getBeanDefinition("unrelated"), Unrelated.class))
				.isFalse();
		});
		AnnotationConfigApplicationContext factories = AnnotationContext.create(new RecordingEngine().engine,
				Factories.class);
		factories.addBeanFactoryPostProcessor((factory) -> {
			for (String name : new String[] { "ofLambda", "ofStatic", "twice" }) {
				assertThat(AnnotatedJobRegistrar.isPeriodicJob(factory.getBeanDefinition(name), Callable.class))
					.isTrue();
			}
			assertThat(AnnotatedJobRegistrar.isPeriodicJob(factory.getBeanDefinition("factories"), Factories.class))
				.isFalse();
		});
		unrefreshed.refresh();
		unrefreshed.close();
		factories.refresh();
		factories.close();
	}

	@PeriodicJob(every = "1s")
	static class RunnableBean implements Runnable {

		final AtomicInteger runs = new AtomicInteger();

		@Override
		public void run() {
			this.runs.incrementAndGet();
		}

	}

	static class RunnableSubclass extends RunnableBean {

	}

	@PeriodicJob(every = "1s")
	static class CallableBean implements Callable<String> {

		@Override
		public String call() {
			return "called";
		}

	}

	@PeriodicJob(every = "1s")
	static class BodyBean implements JobBody<JobContext> {

		@Override
		public JobContext run(JobContext context) {
			return context;
		}

	}

	@Configuration
	static class Factories {

		@Bean
		@PeriodicJob(every = "1s")
		Callable<String> ofLambda() {
			return () -> "lambda";
		}

		@Bean
		@PeriodicJob(every = "1s")
		static Callable<String> ofStatic() {
			return () -> "static";
		}

		@Bean
		@PeriodicJob(name = "first", every = "1s")
		@PeriodicJob(name = "second", every = "5s")
		Callable<String> twice() {
			return () -> "twice";
		}

		@Bean
		@PeriodicJob(every = "7s")
		RunnableBean replaced() {
			return new RunnableBean();
		}

	}

	static class PlainFactory {

		@PeriodicJob(every = "1s")
		static JobBody<String> make() {
			return (job) -> "plain";
		}

	}

	@Lazy
	static class LazyWithJob {

		@PeriodicJob(every = "1s")
		String job() {
			return "lazy";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyFactories {

		@Bean
		@Lazy
		@PeriodicJob(every = "1s")
		Runnable lazyRunnable() {
			return () -> {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Lazies {

		@Bean
		@Lazy
		Unrelated unrelated() {
			return new Unrelated();
		}

	}

	static class Unrelated {

		Unrelated() {
			created.incrementAndGet();
		}

	}

	static class UnrelatedFactoryBean implements FactoryBean<Object> {

		UnrelatedFactoryBean() {
			created.incrementAndGet();
		}

		@Override
		public Object getObject() {
			return new Unrelated();
		}

		@Override
		public Class<?> getObjectType() {
			return Unrelated.class;
		}

	}

	static class WorkFactoryBean implements FactoryBean<CallableBean> {

		@Override
		public CallableBean getObject() {
			return new CallableBean();
		}

		@Override
		public Class<?> getObjectType() {
			return CallableBean.class;
		}

		@PeriodicJob(every = "1s")
		String refresh() {
			return "refreshed";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedSingletons {

		@Bean
		@Scope(proxyMode = ScopedProxyMode.TARGET_CLASS)
		LazyWithJob scoped() {
			return new LazyWithJob();
		}

	}

	@Scope("prototype")
	static class PrototypeWithJob {

		@PeriodicJob(every = "1s")
		void job() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedConfiguration {

		@Bean
		@Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		ScopedWithJob scopedWithJob() {
			return new ScopedWithJob();
		}

	}

	static class ScopedWithJob {

		@PeriodicJob(every = "1s")
		void job() {
		}

	}

	@PeriodicJob(every = "1s")
	static class NoWork {

	}

	@Configuration(proxyBeanMethods = false)
	static class NoWorkFactory {

		@Bean
		@PeriodicJob(every = "1s")
		String text() {
			return "text";
		}

	}

	@PeriodicJob(every = "1s", args = "x")
	static class WithArguments implements Runnable {

		@Override
		public void run() {
		}

	}

}
