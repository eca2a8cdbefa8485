package io.backgroundjobs.autoconfigure;

import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.engine.JobEngineBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of who is told, and how loudly, that a shutdown may take longer than the process
 * is given.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownBudgetCheckTests {

	private static final String KUBERNETES = "spring.main.cloud-platform=kubernetes";

	private static final String TEXT = "A shutdown may take up to ";

	private static final Logger logger = (Logger) LoggerFactory.getLogger(ShutdownBudgetCheck.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(BackgroundJobsAutoConfiguration.class, LifecycleAutoConfiguration.class));

	private final ApplicationContextRunner tomcat = new ApplicationContextRunner(
			AnnotationConfigServletWebServerApplicationContext::new)
		.withConfiguration(
				AutoConfigurations.of(BackgroundJobsAutoConfiguration.class, LifecycleAutoConfiguration.class))
		.withBean(TomcatServletWebServerFactory.class, () -> new TomcatServletWebServerFactory(0));

	@BeforeEach
	void logDebug() {
		logger.setLevel(Level.DEBUG);
	}

	@AfterEach
	void restoreLevel() {
		logger.setLevel(null);
	}

	@Test
	void onNoPlatformAndWithNothingSetItIsALineAtDebug(CapturedOutput output) {
		this.tomcat.run((context) -> assertThat(told(output)).contains("DEBUG", TEXT + "57s"));
	}

	@Test
	void onKubernetesItIsAWarning(CapturedOutput output) {
		this.tomcat.withPropertyValues(KUBERNETES)
			.run((context) -> assertThat(told(output)).contains("WARN", TEXT + "57s"));
	}

	@Test
	void onKubernetesThatIsDetectedItIsAWarning(CapturedOutput output) {
		this.tomcat
			.withInitializer((context) -> variables(context,
					Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "443")))
			.run((context) -> assertThat(told(output)).contains("WARN"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.lifecycle.timeout-per-shutdown-phase=30s",
			"background-jobs.shutdown.wait-timeout=20s", "background-jobs.shutdown.shield-timeout=25s",
			"background-jobs.shutdown.close-timeout=1s", "background-jobs.shutdown.grace-period=30s" })
	void whereABoundIsSetItIsAWarning(String property, CapturedOutput output) {
		this.tomcat.withPropertyValues(property)
			.run((context) -> assertThat(told(output)).contains("WARN", TEXT + "57s"));
	}

	@Test
	void whereABoundIsSetInTheEnvironmentItIsAWarning(CapturedOutput output) {
		this.tomcat
			.withInitializer((context) -> variables(context, Map.of("BACKGROUNDJOBS_SHUTDOWN_SHIELDTIMEOUT", "40s")))
			.run((context) -> assertThat(told(output)).contains("WARN", TEXT + "1m12s"));
	}

	@Test
	void whereItFitsItIsALineAtDebug(CapturedOutput output) {
		this.tomcat.withPropertyValues(KUBERNETES, "background-jobs.shutdown.grace-period=57s")
			.run((context) -> assertThat(told(output)).contains("DEBUG", TEXT + "57s"));
	}

	@Test
	void withoutAWebServerThereAreNoRequestsToFinish(CapturedOutput output) {
		this.runner.withPropertyValues(KUBERNETES)
			.run((context) -> assertThat(told(output)).contains("DEBUG", TEXT + "27s"));
	}

	@Test
	void webServerThatStopsImmediatelyFinishesNoRequests(CapturedOutput output) {
		this.tomcat.withPropertyValues(KUBERNETES, "server.shutdown=IMMEDIATE")
			.run((context) -> assertThat(told(output)).contains("DEBUG", TEXT + "27s"));
	}

	@Test
	void phaseOfTheApplicationCounts(CapturedOutput output) {
		this.tomcat.withPropertyValues(KUBERNETES, "spring.lifecycle.timeout-per-shutdown-phase=10s")
			.run((context) -> assertThat(told(output)).contains("WARN", TEXT + "37s"));
	}

	@Test
	void restartOfTheContextSaysNothingMore(CapturedOutput output) {
		this.tomcat.run((context) -> {
			ConfigurableApplicationContext own = context.getSourceApplicationContext();
			own.pause();
			own.restart();
			own.stop();
			own.start();
			assertThat(told(output)).containsOnlyOnce(TEXT);
		});
	}

	@Test
	void childContextSaysNothing(CapturedOutput output) {
		this.runner.run((parent) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.register(BackgroundJobsAutoConfiguration.class);
				child.refresh();
				assertThat(told(output)).containsOnlyOnce(TEXT);
			}
		});
	}

	@Test
	void schedulerOfTheApplicationHasBoundsOfItsOwn(CapturedOutput output) {
		this.tomcat.withPropertyValues(KUBERNETES)
			.withBean(BackgroundJobScheduler.class, () -> new JobEngineBuilder().build())
			.run((context) -> assertThat(told(output)).doesNotContain(TEXT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SERVLET", "REACTIVE" })
	void applicationWithAWebServerIsWarned(WebApplicationType type, CapturedOutput output) {
		try (ConfigurableApplicationContext context = application(type)) {
			assertThat(context.isRunning()).isTrue();
			assertThat(told(output)).contains("WARN").containsOnlyOnce(TEXT).contains(TEXT + "57s");
		}
	}

	@Test
	void lazyApplicationIsWarnedToo(CapturedOutput output) {
		try (ConfigurableApplicationContext context = application(WebApplicationType.SERVLET,
				"--spring.main.lazy-initialization=true")) {
			assertThat(context.isRunning()).isTrue();
			assertThat(told(output)).contains("WARN").containsOnlyOnce(TEXT);
		}
	}

	@Test
	void applicationWithoutAWebServerIsNot(CapturedOutput output) {
		try (ConfigurableApplicationContext context = application(WebApplicationType.NONE)) {
			assertThat(context.isRunning()).isTrue();
			assertThat(told(output)).doesNotContain("WARN");
		}
	}

	private static ConfigurableApplicationContext application(WebApplicationType type, String... arguments) {
		SpringApplication application = new SpringApplicationBuilder(Application.class).web(type)
			.properties("server.port=0", KUBERNETES)
			.build();
		application.setRegisterShutdownHook(false);
		return application.run(arguments);
	}

	private static String told(CapturedOutput output) {
		return output.toString()
			.lines()
			.filter((line) -> line.contains(TEXT))
			.reduce("", (text, line) -> text + line + System.lineSeparator());
	}

	private static void variables(ConfigurableApplicationContext context, Map<String, Object> variables) {
		context.getEnvironment()
			.getPropertySources()
			.replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
