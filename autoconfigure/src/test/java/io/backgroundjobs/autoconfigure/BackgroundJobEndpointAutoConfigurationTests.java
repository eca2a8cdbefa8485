package io.backgroundjobs.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.actuate.BackgroundJobsEndpoint;
import io.backgroundjobs.actuate.BackgroundJobsEndpointJmxExtension;
import io.backgroundjobs.actuate.BackgroundJobsEndpointWebExtension;
import io.backgroundjobs.actuate.PeriodicJobTasks;
import io.backgroundjobs.engine.JobEngineBuilder;

import static org.assertj.core.api.Assertions.assertThat;

class BackgroundJobEndpointAutoConfigurationTests {

	/** What is sent, by its simple name in the room {@code actuate}. */
	private static final List<String> SENT = List.of("OverviewDescriptor", "PageDescriptor", "JobDescriptor",
			"ExceptionDescriptor", "PeriodicJobDescriptor", "ScheduleDescriptor", "PauseNoteDescriptor",
			"PoolDescriptor", "CancelledDescriptor", "DurableQueueDescriptor", "FailedJobsDescriptor",
			"StoredJobDescriptor", "StoredJobChangeDescriptor", "ProblemDescriptor");

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				BackgroundJobsAutoConfiguration.class, BackgroundJobEndpointAutoConfiguration.class,
				BackgroundJobScheduledTasksAutoConfiguration.class));

	private final WebApplicationContextRunner exposed = this.runner
		.withPropertyValues("management.endpoints.web.exposure.include=backgroundjobs");

	@Test
	void whenItIsNotExposedThenThereIsNoEndpoint() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(BackgroundJobsEndpoint.class)
			.doesNotHaveBean(BackgroundJobsEndpointWebExtension.class)
			.doesNotHaveBean(BackgroundJobsEndpointJmxExtension.class)
			.doesNotHaveBean(PeriodicJobTasks.class));
	}

	@Test
	void whenItIsExposedOverTheWebThenThereIsTheWebExtension() {
		this.exposed.run((context) -> assertThat(context).hasSingleBean(BackgroundJobsEndpoint.class)
			.hasSingleBean(BackgroundJobsEndpointWebExtension.class)
			.doesNotHaveBean(BackgroundJobsEndpointJmxExtension.class));
	}

	@Test
	void whenItIsExposedOverJmxThenThereIsTheJmxExtension() {
		this.runner
			.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class))
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.domain=io.backgroundjobs.exposed",
					"management.endpoints.jmx.exposure.include=backgroundjobs")
			.run((context) -> assertThat(context).hasSingleBean(BackgroundJobsEndpoint.class)
				.hasSingleBean(BackgroundJobsEndpointJmxExtension.class)
				.doesNotHaveBean(BackgroundJobsEndpointWebExtension.class));
	}

	@Test
	void whenAccessIsNoneThenThereIsNoEndpoint() {
		this.exposed.withPropertyValues("management.endpoint.backgroundjobs.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(BackgroundJobsEndpoint.class));
	}

	@Test
	void endpointOfTheApplicationTakesThePlace() {
		this.exposed
			.withBean("own", BackgroundJobsEndpoint.class, () -> new BackgroundJobsEndpoint(null, null, List.of()))
			.run((context) -> assertThat(context).hasSingleBean(BackgroundJobsEndpoint.class).hasBean("own"));
	}

	@Test
	void schedulerOfTheApplicationIsShown() {
		this.exposed.withBean(BackgroundJobScheduler.class, () -> new JobEngineBuilder().historySize(0).build())
			.run((context) -> assertThat(context.getBean(BackgroundJobsEndpoint.class).overview().running()).isTrue());
	}

	@Test
	void whatIsSentHasHints() {
		GenericApplicationContext context = new GenericApplicationContext();
		context.registerBean(BackgroundJobsEndpoint.class);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		RuntimeHints hints = generation.getRuntimeHints();
		String room = BackgroundJobsEndpoint.class.getPackageName();
		Stream.concat(SENT.stream().map((name) -> room + "." + name), Stream.of("io.backgroundjobs.JobProgress"))
			.forEach((name) -> assertThat(RuntimeHintsPredicates.reflection()
				.onType(TypeReference.of(name))
				.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).as(name).accepts(hints));
	}

}
