package io.backgroundjobs.annotation;

import java.util.Map;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A context that has this room's beans, as the auto-configuration declares them.
 */
final class AnnotationContext extends AnnotationConfigApplicationContext {

	private AnnotationContext(JobEngine engine, Map<String, Object> properties, Class<?>... beans) {
		getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
		getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
		registerBean("backgroundJobScheduler", JobEngine.class, () -> engine);
		register(RoomConfiguration.class);
		for (Class<?> bean : beans) {
			registerBean(StringUtils.uncapitalize(bean.getSimpleName()), bean);
		}
	}

	static AnnotationContext create(JobEngine engine, Class<?>... beans) {
		return new AnnotationContext(engine, Map.of(), beans);
	}

	static AnnotationContext start(JobEngine engine, Class<?>... beans) {
		return start(engine, Map.of(), beans);
	}

	static AnnotationContext start(JobEngine engine, Map<String, Object> properties, Class<?>... beans) {
		AnnotationContext context = new AnnotationContext(engine, properties, beans);
		context.refresh();
		return context;
	}

	/**
	 * Start a context whose start must fail.
	 */
	static void assertRefused(String message, String action, Class<?>... beans) {
		assertRefused(Map.of(), message, action, beans);
	}

	static void assertRefused(Map<String, Object> properties, String message, String action, Class<?>... beans) {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> {
			AnnotationContext context = start(new RecordingEngine().engine, properties, beans);
			context.close();
		}).withMessage(message).satisfies((ex) -> assertThat(ex.action()).isEqualTo(action));
	}

	@Configuration(proxyBeanMethods = false)
	static class RoomConfiguration {

		@Bean
		static PropertySourcesPlaceholderConfigurer propertySourcesPlaceholderConfigurer() {
			return new PropertySourcesPlaceholderConfigurer();
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static AnnotatedMethodPostProcessor annotatedMethodPostProcessor(ObjectProvider<JobEngine> engine,
				ObjectProvider<JobStore> store) {
			return new AnnotatedMethodPostProcessor(engine, store);
		}

		@Bean
		JobCatalog jobCatalog() {
			return new JobCatalog();
		}

		@Bean
		AnnotatedJobRegistrar annotatedJobRegistrar(ConfigurableListableBeanFactory beanFactory, JobEngine engine,
				ObjectProvider<JobStore> store, JobCatalog catalog) {
			return new AnnotatedJobRegistrar(beanFactory, engine, (place) -> store.getObject(), catalog);
		}

	}

}
