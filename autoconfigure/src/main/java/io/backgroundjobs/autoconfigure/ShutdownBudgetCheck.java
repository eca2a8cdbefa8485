package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * Tells at the start, once for each context, whether a shutdown fits into the time that
 * the process is given: as a warning where it does not and somebody can be expected to
 * care, on Kubernetes or with a bound of their own.
 */
final class ShutdownBudgetCheck implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(ShutdownBudgetCheck.class);

	private final BackgroundJobProperties.Shutdown bounds;

	private final Environment environment;

	private final ListableBeanFactory beans;

	ShutdownBudgetCheck(BackgroundJobProperties.Shutdown bounds, Environment environment, ListableBeanFactory beans) {
		this.bounds = bounds;
		this.environment = environment;
		this.beans = beans;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Binder binder = Binder.get(this.environment);
		ShutdownBudget budget = new ShutdownBudget(requests(binder), this.bounds.shieldTimeout(),
				this.bounds.closeTimeout(), this.bounds.gracePeriod());
		if (!budget.fits() && (CloudPlatform.KUBERNETES.isActive(this.environment) || isAnyBoundSet(binder))) {
			logger.warn("{}", budget.text());
		}
		else if (logger.isDebugEnabled()) {
			logger.debug("{}", budget.text());
		}
	}

	private Duration requests(Binder binder) {
		return (isImmediate(binder) || !hasWebServer()) ? Duration.ZERO
				: this.beans.getBeanProvider(LifecycleProperties.class)
					.getIfAvailable(LifecycleProperties::new)
					.getTimeoutPerShutdownPhase();
	}

	/**
	 * Not by Boot's enum, which is there only with a web server.
	 */
	private static boolean isImmediate(Binder binder) {
		return binder.bind("server.shutdown", String.class).orElse("graceful").equalsIgnoreCase("immediate");
	}

	/**
	 * Look for what finishes the requests, which is there as soon as the web server is,
	 * and only if it is not a container around the application.
	 */
	private boolean hasWebServer() {
		return this.beans.getBeansOfType(SmartLifecycle.class, false, false)
			.values()
			.stream()
			.anyMatch((lifecycle) -> lifecycle.getPhase() == WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
	}

	private static boolean isAnyBoundSet(Binder binder) {
		return Stream
			.concat(Stream.of(ShutdownBudget.REQUESTS),
					Stream.of("wait-timeout", "shield-timeout", "close-timeout", "grace-period")
						.map(ShutdownBudget.PREFIX::concat))
			.anyMatch((property) -> binder.bind(property, String.class).isBound());
	}

}
