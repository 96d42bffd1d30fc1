export * from '../../src/bench/topologies/recordings';
