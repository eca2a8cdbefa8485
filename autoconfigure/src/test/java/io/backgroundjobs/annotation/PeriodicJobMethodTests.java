package io.backgroundjobs.annotation;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.verify;

class PeriodicJobMethodTests {

	private final RecordingEngine engine = new RecordingEngine();

	private AnnotationContext context;

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

	private void start(Class<?>... beans) {
		this.context = AnnotationContext.start(this.engine.engine, beans);
	}

	@Test
	void methodsOfAnyVisibilityAreJobs() throws Exception {
		start(Visibilities.class);
		assertThat(this.engine.specs).containsOnlyKeys("visibilities.open", "visibilities.inPackage",
				"visibilities.hidden", "visibilities.ofClass");
		for (String name : this.engine.specs.keySet()) {
			this.engine.run(name);
		}
		assertThat(this.context.getBean(Visibilities.class).calls).containsExactlyInAnyOrder("open", "inPackage",
				"hidden", "ofClass");

	}

	@Test
	void bodyReturnsWhatTheMethodReturns() throws Exception {
		start(Returning.class);
		assertThat(this.engine.run("returning.answer")).isEqualTo(42);

	}

	@Test
	void bodyThrowsWhatTheMethodThrows() {
		start(Throwing.class);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.engine.run("throwing.checked"))
			.withMessage("disk");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.engine.run("throwing.error"))
			.withMessage("bug");

	}

	@Test
	void jobContextIsPassedWhereverItIsAParameter() throws Exception {
		start(Arguments.class);
		assertThat(this.engine.run("arguments.mixed"))
			.isEqualTo(List.of(7, this.engine.running, Duration.ofSeconds(5), LocalDate.of(2026, 1, 31)));
		assertThat(this.engine.run("arguments.list")).isEqualTo(List.of(1, 2, 3));
		assertThat(this.engine.run("arguments.text")).isEqualTo(" as it is ");

	}

	@Test
	void repeatedAnnotationIsSeveralJobsWithArgumentsOfTheirOwn() throws Exception {
		start(Repeated.class);
		assertThat(this.engine.specs).containsOnlyKeys("paris", "rome");
		assertThat(this.engine.run("paris")).isEqualTo("visited Paris");
		assertThat(this.engine.run("rome")).isEqualTo("visited Rome");
		assertThat(this.engine.spec("rome").schedule()).isEqualTo(new JobSchedule.FixedRate(Duration.ofHours(2)));

	}

	@Test
	void metaAnnotationIsMerged() {
		start(MetaAnnotated.class);
		assertThat(this.engine.spec("metaAnnotated.tidy").schedule())
			.isEqualTo(new JobSchedule.FixedRate(Duration.ofDays(2)));
		assertThat(this.engine.spec("metaAnnotated.tidy").run().isShielded()).isTrue();

	}

	@Test
	void methodsOfSuperclassesAndInterfacesAreFound() throws Exception {
		start(Inheriting.class);
		assertThat(this.engine.specs).containsOnlyKeys("inheriting.ofSuperclass", "inheriting.ofInterface",
				"inheriting.overridden", "inheriting.ofDefaultMethod");
		assertThat(this.engine.run("inheriting.ofInterface")).isEqualTo("implemented");
		assertThat(this.engine.run("inheriting.overridden")).isEqualTo("again");
		assertThat(this.engine.spec("inheriting.overridden").schedule())
			.isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(2)));

	}

	@Test
	void methodIsCalledThroughTheClassProxy() throws Exception {
		start(ClassProxied.class);
		assertThat(AopUtils.isCglibProxy(this.context.getBean("target"))).isTrue();
		assertThat(this.engine.run("target.work")).isEqualTo("advised work");
		assertThat(this.engine.run("target.inPackage")).isEqualTo("advised inPackage");

	}

	@Test
	void methodIsCalledThroughTheInterfaceProxy() throws Exception {
		start(InterfaceProxied.class);
		assertThat(AopUtils.isJdkDynamicProxy(this.context.getBean("target"))).isTrue();
		assertThat(this.engine.run("target.work")).isEqualTo("advised work");

	}

	@Test
	void whenPrivateMethodIsBehindAProxyThenStartFails() {
		AnnotationContext.assertRefused(
				"@PeriodicJob on method HiddenTarget.hidden() of bean 'target' cannot be called through the bean's "
						+ "proxy: Need to invoke method 'hidden' found on proxy for target class 'HiddenTarget' but cannot be "
						+ "delegated to target bean. Switch its visibility to package or protected.",
				"Make the method public, protected or package-private.", HiddenBehindProxy.class);
	}

	@Test
	void whenFinalMethodIsBehindAProxyThenStartFails() {
		AnnotationContext.assertRefused(
				"@PeriodicJob on method FinalTarget.sealed() of bean 'target' cannot be called through the bean's proxy, "
						+ "because the method is final",
				"Remove 'final' from the method, or the annotation that makes the bean need a proxy.",
				FinalBehindProxy.class);
	}

	@Test
	void whenMethodIsNotInTheProxiedInterfaceThenStartFails() {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> start(NotInInterface.class))
			.withMessageStartingWith("@PeriodicJob on method NotInInterfaceTarget.other() of bean 'target' cannot be "
					+ "called through the bean's proxy: Need to invoke method 'other' declared on target class")
			.satisfies((ex) -> assertThat(ex.action()).isEqualTo("Declare the method in an interface of the bean, or "
					+ "proxy the bean's class (spring.aop.proxy-target-class=true)."));
	}

	@Test
	void placeholdersAreResolvedInAllTexts() throws Exception {
		this.context = AnnotationContext.start(
				this.engine.engine, Map.of("job.name", "configured", "job.every", "20s", "job.delay", "3s",
						"job.jitter", "1s", "job.timeout", "none", "job.pool", "default", "job.arg", "12"),
				Placeholders.class);
		assertThat(this.engine.spec("configured").schedule())
			.isEqualTo(new JobSchedule.FixedRate(Duration.ofSeconds(20)));
		assertThat(this.engine.spec("configured").initialDelay()).isEqualTo(Duration.ofSeconds(3));
		assertThat(this.engine.spec("configured").jitter()).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.engine.spec("configured").run().timeout()).isEqualTo(Duration.ZERO);
		assertThat(this.engine.spec("configured").run().pool()).isEqualTo("default");
		assertThat(this.engine.run("configured")).isEqualTo(12);

	}

	@Test
	void whenContextIsClosedThenItsJobsAreRemoved() {
		start(Returning.class);
		assertThat(this.engine.handles).hasSize(1);
		this.context.close();

		PeriodicJobHandle handle = this.engine.handles.get(0);
		verify(handle).remove();
	}

	interface Open {

		void open();

	}

	static class Visibilities implements Open {

		final List<String> calls = new ArrayList<>();

		@Override
		@PeriodicJob(every = "1s")
		public void open() {
			this.calls.add("open");
		}

		@PeriodicJob(every = "1s")
		void inPackage() {
			this.calls.add("inPackage");
		}

		@PeriodicJob(every = "1s")
		private void hidden() {
			this.calls.add("hidden");
		}

		@PeriodicJob(every = "1s")
		protected void ofClass() {
			this.calls.add("ofClass");
		}

	}

	static class Returning {

		@PeriodicJob(every = "1s")
		int answer() {
			return 42;
		}

	}

	static class Throwing {

		@PeriodicJob(every = "1s")
		void checked() throws IOException {
			throw new IOException("disk");
		}

		@PeriodicJob(every = "1s")
		void error() {
			throw new AssertionError("bug");
		}

	}

	static class Arguments {

		@PeriodicJob(every = "1s", args = { "7", "5s", "2026-01-31" })
		List<Object> mixed(int number, JobContext job, Duration duration, LocalDate date) {
			return List.of(number, job, duration, date);
		}

		@PeriodicJob(every = "1s", args = " as it is ")
		String text(String text) {
			return text;
		}

		@PeriodicJob(every = "1s", args = "1,2,3")
		List<Integer> list(List<Integer> numbers) {
			return numbers;
		}

	}

	static class Repeated {

		@PeriodicJob(name = "paris", every = "1h", args = "Paris")
		@PeriodicJob(name = "rome", every = "2h", args = "Rome")
		String visit(String city) {
			return "visited " + city;
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@PeriodicJob(shielded = true)
	@interface Daily {

		@AliasFor(annotation = PeriodicJob.class, attribute = "every")
		String value() default "1d";

	}

	static class MetaAnnotated {

		@Daily("2d")
		void tidy() {
		}

	}

	interface Base {

		@PeriodicJob(every = "1s")
		String ofInterface();

		@PeriodicJob(every = "1s")
		default String ofDefaultMethod() {
			return "default";
		}

	}

	abstract static class Superclass {

		@PeriodicJob(every = "1s")
		String ofSuperclass() {
			return "inherited";
		}

		@PeriodicJob(every = "1s")
		String overridden() {
			return "first";
		}

	}

	static class Inheriting extends Superclass implements Base {

		@Override
		public String ofInterface() {
			return "implemented";
		}

		@Override
		@PeriodicJob(every = "2s")
		String overridden() {
			return "again";
		}

	}

	abstract static class ProxiedConfiguration {

		static BeanNameAutoProxyCreator creator(boolean proxyTargetClass) {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("target");
			creator.setProxyTargetClass(proxyTargetClass);
			creator.setInterceptorNames("advice");
			return creator;
		}

		@Bean
		static MethodInterceptor advice() {
			return (invocation) -> "advised " + invocation.proceed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClassProxied extends ProxiedConfiguration {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return creator(true);
		}

		@Bean
		WorkTarget target() {
			return new WorkTarget();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InterfaceProxied extends ProxiedConfiguration {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return creator(false);
		}

		@Bean
		Work target() {
			return new PublicWorkTarget();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenBehindProxy extends ProxiedConfiguration {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return creator(true);
		}

		@Bean
		HiddenTarget target() {
			return new HiddenTarget();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FinalBehindProxy extends ProxiedConfiguration {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return creator(true);
		}

		@Bean
		FinalTarget target() {
			return new FinalTarget();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NotInInterface extends ProxiedConfiguration {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return creator(false);
		}

		@Bean
		Work target() {
			return new NotInInterfaceTarget();
		}

	}

	interface Work {

		String work();

	}

	static class WorkTarget {

		@PeriodicJob(every = "1s")
		String work() {
			return "work";
		}

		@PeriodicJob(every = "1s")
		protected String inPackage() {
			return "inPackage";
		}

	}

	static class PublicWorkTarget implements Work {

		@Override
		@PeriodicJob(every = "1s")
		public String work() {
			return "work";
		}

	}

	static class HiddenTarget {

		@PeriodicJob(every = "1s")
		private void hidden() {
		}

	}

	static class FinalTarget {

		@PeriodicJob(every = "1s")
		final void sealed() {
		}

	}

	static class NotInInterfaceTarget implements Work {

		@Override
		public String work() {
			return "work";
		}

		@PeriodicJob(every = "1s")
		void other() {
		}

	}

	static class Placeholders {

		@PeriodicJob(name = "${job.name}", every = "${job.every}", initialDelay = "${job.delay}",
				jitter = "${job.jitter}", timeout = "${job.timeout}", pool = "${job.pool}", args = "${job.arg}")
		int work(int number) {
			return number;
		}

	}

}
