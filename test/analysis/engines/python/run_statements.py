"""Runs statements on ClickHouse or Spark, all in one session.

The argument is the engine. Standard input has a JSON object: `tables`, the files with records by the names
of the tables, and `steps` by any names. A step has `stores`, SELECTs whose rows are stored under a name one
after the other, and `queries`. Standard output has the rows or the error of each step, and facts about the
engine.
"""

import json
import os
import sys
import tempfile
import time


class ClickHouse:
    """ClickHouse in this process."""

    RECORD = ', '.join(
        [
            'id String',
            "time DateTime64(3, 'UTC')",
            'event String',
            'experiment Nullable(String)',
            'checksum Nullable(String)',
            'variant Nullable(String)',
            'identity Nullable(String)',
            'unit Nullable(String)',
            'unitCut Nullable(Bool)',
            'audience Nullable(Int64)',
            'overridden Nullable(Bool)',
            'sticky Nullable(Bool)',
            'context Nullable(String)',
            'name Nullable(String)',
            'units Map(String, String)',
            'properties Nullable(String)',
        ]
    )

    def __init__(self, folder):
        from chdb import session

        self.session = session.Session(os.path.join(folder, 'clickhouse'))
        self.session.query('CREATE DATABASE records ENGINE = Atomic')
        self.facts = {'version': str(self.session.query('SELECT version()', 'TSV')).strip()}

    def load(self, table, file):
        self.session.query(
            f"CREATE TABLE records.{table} ENGINE = MergeTree ORDER BY tuple() AS "
            f"SELECT * FROM file('{file}', 'JSONEachRow', '{self.RECORD.replace(chr(39), chr(92) + chr(39))}') "
            "SETTINGS date_time_input_format = 'best_effort'"
        )

    def store(self, name, select):
        self.session.query(f'CREATE TABLE {name} ENGINE = Memory AS {select}')

    def run(self, statement):
        answer = str(self.session.query(statement, 'JSONEachRow'))
        return [json.loads(line) for line in answer.splitlines()]

    def close(self):
        self.session.close()


def work_folder(_):
    # Long enough that one worker can't run all tasks.
    time.sleep(0.5)
    return os.getcwd()


class Spark:
    """Spark with a master and two workers, each in a process of its own."""

    RECORD = ', '.join(
        [
            'id STRING',
            'time TIMESTAMP',
            'event STRING',
            'experiment STRING',
            'checksum STRING',
            'variant STRING',
            'identity STRING',
            'unit STRING',
            'unitCut BOOLEAN',
            'audience BIGINT',
            'overridden BOOLEAN',
            'sticky BOOLEAN',
            'context STRING',
            'name STRING',
            'units MAP<STRING, STRING>',
            'properties STRING',
        ]
    )

    def __init__(self, folder):
        import pyspark

        os.environ['SPARK_HOME'] = os.path.dirname(pyspark.__file__)
        os.environ['SPARK_LOCAL_IP'] = '127.0.0.1'
        os.environ['SPARK_SCALA_VERSION'] = '2.13'
        os.environ['PYSPARK_PYTHON'] = sys.executable
        os.environ['SPARK_WORKER_DIR'] = os.path.join(folder, 'work')
        from pyspark.sql import SparkSession

        settings = {
            'spark.sql.shuffle.partitions': 2,
            'spark.sql.session.timeZone': 'UTC',
            'spark.ui.enabled': 'false',
            'spark.ui.showConsoleProgress': 'false',
            # Compiling a plan takes seconds, which pay for themselves only with millions of rows.
            'spark.sql.codegen.wholeStage': 'false',
            'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
            'spark.local.dir': os.path.join(folder, 'local'),
            'spark.sql.warehouse.dir': os.path.join(folder, 'warehouse'),
            'spark.driver.memory': '1g',
            'spark.executor.memory': '1g',
            'spark.driver.bindAddress': '127.0.0.1',
            'spark.driver.host': '127.0.0.1',
            'spark.log.level': 'ERROR',
        }
        builder = SparkSession.builder.master('local-cluster[2,1,1024]')
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        context = self.session.sparkContext
        # The driver is in the list too.
        deadline = time.monotonic() + 120
        while context._jsc.sc().getExecutorMemoryStatus().size() < 3 and time.monotonic() < deadline:
            time.sleep(0.1)
        # Each worker runs its tasks in a folder of its own.
        folders = context.parallelize(range(8), 8).map(work_folder).collect()
        self.facts = {'version': context.version, 'workers': len(set(folders))}

    def load(self, table, file):
        records = self.session.read.schema(self.RECORD).json(file)
        # A gzip file is one partition, which only one worker would read.
        records.repartition(2).cache().createOrReplaceTempView(table)

    def store(self, name, select):
        # The rows are computed now, so that later plans don't contain this one.
        self.session.sql(select).localCheckpoint().createOrReplaceTempView(name)

    def run(self, statement):
        return [row.asDict() for row in self.session.sql(statement).collect()]

    def close(self):
        self.session.stop()


def attempt(engine, step):
    start = time.monotonic()
    try:
        for store in step['stores']:
            engine.store(store['name'], store['select'])
        rows = [row for query in step['queries'] for row in engine.run(query)]
    except Exception as error:
        return {'error': str(error)}
    return {'rows': rows, 'seconds': time.monotonic() - start}


def main():
    request = json.load(sys.stdin)
    # Standard output is the answer of this program, so others that write to it are sent away.
    answer = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix='evenhand-engine-') as folder:
        os.chdir(folder)
        engine = {'clickhouse': ClickHouse, 'spark': Spark}[sys.argv[1]](folder)
        for table, file in request['tables'].items():
            engine.load(table, file)
        answers = {name: attempt(engine, step) for name, step in request['steps'].items()}
        json.dump({'facts': engine.facts, 'answers': answers}, answer, default=str)
        engine.close()


main()
