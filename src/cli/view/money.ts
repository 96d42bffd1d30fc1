export { exact, exactColumn, exactTo } from '../../report/exactMoney';
