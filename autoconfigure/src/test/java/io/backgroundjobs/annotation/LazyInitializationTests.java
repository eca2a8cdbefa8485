package io.backgroundjobs.annotation;

import java.util.concurrent.Callable;

import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.PeriodicJob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@code spring.main.lazy-initialization=true} does to annotated beans.
 */
class LazyInitializationTests {

	private final RecordingEngine engine = new RecordingEngine();

	private AnnotationContext start(Class<?>... beans) {
		AnnotationContext context = AnnotationContext.create(this.engine.engine, beans);
		context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
		context.refresh();
		return context;
	}

	@Test
	void periodicJobsAreFoundAndOtherBeansStayLazy() throws Exception {
		AnnotationContext context = start(Cleaner.class, Factories.class, Unrelated.class, Mailer.class);
		assertThat(this.engine.specs).containsOnlyKeys("cleaner.clean", "report");
		assertThat(this.engine.run("cleaner.clean")).isEqualTo("cleaned");
		assertThat(this.engine.run("report")).isEqualTo("reported");
		assertThat(context.getBeanFactory().containsSingleton("unrelated")).isFalse();
		assertThat(context.getBeanFactory().containsSingleton("mailer")).isFalse();
		context.getBean(Mailer.class).send();
		assertThat(this.engine.onlySpawn().options().name()).isEqualTo("mailer.send");
		context.close();
	}

	@Test
	void filterKeepsBeansWithPeriodicJobsFromBeingLazy() {
		AnnotationContext context = AnnotationContext.create(this.engine.engine, Cleaner.class, Factories.class,
				Unrelated.class, Filters.class);
		context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
		context.refresh();
		assertThat(context.getBeanDefinition("cleaner").isLazyInit()).isFalse();
		assertThat(context.getBeanDefinition("report").isLazyInit()).isFalse();
		assertThat(context.getBeanDefinition("unrelated").isLazyInit()).isTrue();
		context.close();
	}

	@Test
	void lazyBackgroundJobsAreCheckedAtTheStart() {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> start(BadMailer.class).close())
			.withMessage(
					"The 'delay' of @BackgroundJob on method BadMailer.send() of bean 'badMailer' is 'later', which is "
							+ "not a duration");
	}

	static class Cleaner {

		@PeriodicJob(every = "1s")
		String clean() {
			return "cleaned";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Factories {

		@Bean
		@PeriodicJob(every = "1s")
		Callable<String> report() {
			return () -> "reported";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Filters {

		@Bean
		static LazyInitializationExcludeFilter filter() {
			return (name, definition, type) -> AnnotatedJobRegistrar.isPeriodicJob(definition, type);
		}

	}

	static class Unrelated {

	}

	static class Mailer {

		@BackgroundJob
		void send() {
		}

	}

	static class BadMailer {

		@BackgroundJob(delay = "later")
		void send() {
		}

	}

}
