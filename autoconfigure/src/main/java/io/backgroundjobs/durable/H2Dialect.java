package io.backgroundjobs.durable;

import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;

/**
 * What is particular to H2: it reads rows in the order of an index only where all columns
 * of that are sorted by, even one that is the same in all rows. Else it sorts whatever is
 * due for each look.
 */
final class H2Dialect extends DefaultJdbcCustomization {

	H2Dialect() {
		super(false);
	}

	@Override
	public String getName() {
		return "H2";
	}

	@Override
	public String createSelectDueQuery(String table, int limit, String condition, boolean byPriority) {
		return "select * from " + table + " where picked = ? and execution_time <= ? " + condition
				+ (byPriority ? " order by picked, priority desc, execution_time" : " order by execution_time")
				+ getQueryLimitPart(limit);
	}

}
